#include "kernels/miller_rabin.h"

#include <stddef.h>

#include "core/uint128.h"

static uint64_t multiply_mod(uint64_t a, uint64_t b, uint64_t n) {
  return (uint64_t)((uint128_t)a * b % n);
}

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t n) {
  uint64_t result = 1;
  for (base %= n; exponent != 0; exponent >>= 1) {
    if (exponent & 1) {
      result = multiply_mod(result, base, n);
    }
    base = multiply_mod(base, base, n);
  }
  return result;
}

/* n odd, n > 2, base not a multiple of n. */
static bool passes(uint64_t n, uint64_t base) {
  int twos = __builtin_ctzll(n - 1);
  uint64_t x = power_mod(base, (n - 1) >> twos, n);
  if (x == 1 || x == n - 1) {
    return true;
  }
  for (int i = 1; i < twos; i++) {
    x = multiply_mod(x, x, n);
    if (x == n - 1) {
      return true;
    }
  }
  return false;
}

static bool passes_all(uint64_t n, const uint64_t *bases, size_t count) {
  static const uint64_t small[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  if (n < 2) {
    return false;
  }
  for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
    if (n % small[i] == 0) {
      return n == small[i];
    }
  }
  for (size_t i = 0; i < count; i++) {
    if (bases[i] % n != 0 && !passes(n, bases[i])) {
      return false;
    }
  }
  return true;
}

bool is_prime(uint64_t n) {
  static const uint64_t bases[] = {2, 325, 9375, 28178, 450775, 9780504, 1795265022};
  return passes_all(n, bases, sizeof bases / sizeof bases[0]);
}

bool is_prime_by_prime_bases(uint64_t n) {
  static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  return passes_all(n, bases, sizeof bases / sizeof bases[0]);
}
