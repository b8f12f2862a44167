#include "kernels/miller_rabin.h"

#include <stddef.h>

#include "kernels/montgomery.h"

static const uint64_t small_primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
enum { SMALL_PRIMES = sizeof small_primes / sizeof small_primes[0] };

/* Sinclair's bases after 2. */
static const uint64_t other_bases[] = {325, 9375, 28178, 450775, 9780504, 1795265022};
enum { OTHER_BASES = sizeof other_bases / sizeof other_bases[0] };

/* x = base^odd_part, as it is held: the rest of the test, squaring. */
static bool squares_to_minus_one(const struct montgomery *m, uint64_t x) {
  uint64_t minus_one = m->n - m->one;
  if (x == m->one || x == minus_one) {
    return true;
  }
  for (int i = __builtin_ctzll(m->n - 1); i > 1; i--) {
    x = montgomery_multiply(m, x, x);
    if (x == minus_one) {
      return true;
    }
  }
  return false;
}

/* The powers of several numbers side by side: one multiplication waits for the one before it, four
   chains of them fill the multiplier. Powers of 2 need squarings and doublings only. */
static inline unsigned test_base_2(const uint64_t *n, size_t count) {
  struct montgomery m[BASE_2_BATCH];
  uint64_t exponent[BASE_2_BATCH];
  uint64_t power[BASE_2_BATCH];
  uint64_t longest = 1;
  for (size_t j = 0; j < count; j++) {
    m[j] = montgomery_of(n[j]);
    exponent[j] = (n[j] - 1) >> __builtin_ctzll(n[j] - 1);
    power[j] = m[j].one;
    longest |= exponent[j];
  }
  /* Where an exponent is shorter than the longest, its power stays 1 until its first bit. */
  for (int bit = 63 - __builtin_clzll(longest); bit >= 0; bit--) {
    for (size_t j = 0; j < count; j++) {
      uint64_t square = montgomery_multiply(&m[j], power[j], power[j]);
      uint64_t twice = montgomery_add(&m[j], square, square);
      power[j] = exponent[j] >> bit & 1 ? twice : square;
    }
  }
  unsigned passed = 0;
  for (size_t j = 0; j < count; j++) {
    passed |= (unsigned)squares_to_minus_one(&m[j], power[j]) << j;
  }
  return passed;
}

unsigned passes_base_2(const uint64_t n[BASE_2_BATCH]) {
  return test_base_2(n, BASE_2_BATCH);
}

bool is_prime_after_base_2(uint64_t n) {
  struct montgomery m = montgomery_of(n);
  uint64_t base[OTHER_BASES];
  uint64_t power[OTHER_BASES];
  for (size_t j = 0; j < OTHER_BASES; j++) {
    uint64_t residue = montgomery_residue(&m, other_bases[j]);
    base[j] = residue == 0 ? m.one : residue; /* a multiple of n says nothing: let it pass */
    power[j] = m.one;
  }
  uint64_t exponent = (n - 1) >> __builtin_ctzll(n - 1);
  for (int bit = 63 - __builtin_clzll(exponent); bit >= 0; bit--) {
    for (size_t j = 0; j < OTHER_BASES; j++) {
      power[j] = montgomery_multiply(&m, power[j], power[j]);
    }
    if (exponent >> bit & 1) {
      for (size_t j = 0; j < OTHER_BASES; j++) {
        power[j] = montgomery_multiply(&m, power[j], base[j]);
      }
    }
  }
  for (size_t j = 0; j < OTHER_BASES; j++) {
    if (!squares_to_minus_one(&m, power[j])) {
      return false;
    }
  }
  return true;
}

/* 1: prime, 0: not, -1: no small prime tells. */
static int settle_by_small_primes(uint64_t n) {
  if (n < 2) {
    return 0;
  }
  for (size_t i = 0; i < SMALL_PRIMES; i++) {
    if (n % small_primes[i] == 0) {
      return n == small_primes[i];
    }
  }
  return n < UINT64_C(41) * 41 ? 1 : -1;
}

bool is_prime(uint64_t n) {
  int settled = settle_by_small_primes(n);
  return settled >= 0 ? settled : test_base_2(&n, 1) && is_prime_after_base_2(n);
}

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

bool is_prime_by_prime_bases(uint64_t n) {
  int settled = settle_by_small_primes(n);
  if (settled >= 0) {
    return settled;
  }
  for (size_t i = 0; i < SMALL_PRIMES; i++) {
    if (!passes(n, small_primes[i])) {
      return false;
    }
  }
  return true;
}
