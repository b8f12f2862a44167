#include "kernels/pollard_rho.h"

#include "core/uint128.h"
#include "kernels/miller_rabin.h"

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static uint64_t step(uint64_t x, uint64_t c, uint64_t n) {
  return (uint64_t)(((uint128_t)x * x + c) % n);
}

/* A proper factor of the odd composite n, or n when this c leads nowhere. Brent's cycle finding:
   compare with a point that is moved up at powers of two. */
static uint64_t try_constant(uint64_t n, uint64_t c) {
  uint64_t x = 2;
  uint64_t saved = 2;
  uint64_t factor = 1;
  for (uint64_t power = 1; factor == 1; power *= 2) {
    saved = x;
    for (uint64_t i = 0; i < power && factor == 1; i++) {
      x = step(x, c, n);
      factor = greatest_common_divisor(x > saved ? x - saved : saved - x, n);
    }
  }
  return factor;
}

uint64_t smallest_prime_factor(uint64_t n) {
  if (n % 2 == 0) {
    return 2;
  }
  if (is_prime(n)) {
    return n;
  }
  uint64_t factor = n;
  for (uint64_t c = 1; factor == n; c++) {
    factor = try_constant(n, c);
  }
  uint64_t a = smallest_prime_factor(factor);
  uint64_t b = smallest_prime_factor(n / factor);
  return a < b ? a : b;
}
