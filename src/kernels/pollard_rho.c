#include "kernels/pollard_rho.h"

#include "kernels/miller_rabin.h"
#include "kernels/montgomery.h"

/* Differences multiplied together before one common divisor is taken: it costs as much as some 60
   multiplications, and at most this many steps are taken twice. */
enum { BATCH = 128 };

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b) {
  while (b != 0) {
    uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static uint64_t step(const struct montgomery *m, uint64_t x, uint64_t c) {
  return montgomery_add(m, montgomery_multiply(m, x, x), c);
}

static uint64_t distance(uint64_t a, uint64_t b) {
  return a > b ? a - b : b - a;
}

/* The walk again from x, a common divisor at each step: some divisor of n above 1 turns up, as the
   product of the same differences had one. */
static uint64_t walk_again(const struct montgomery *m, uint64_t x, uint64_t c, uint64_t saved) {
  uint64_t factor = 1;
  while (factor == 1) {
    x = step(m, x, c);
    factor = greatest_common_divisor(distance(x, saved), m->n);
  }
  return factor;
}

/* A proper factor of the odd composite n, or n when this c leads nowhere. Brent's cycle finding:
   compare with a point that is moved up at powers of two. */
static uint64_t try_constant(const struct montgomery *m, uint64_t c) {
  uint64_t x = 2;
  for (uint64_t power = 1;; power *= 2) {
    uint64_t saved = x;
    for (uint64_t done = 0; done < power; done += BATCH) {
      uint64_t start = x;
      uint64_t product = m->one;
      for (uint64_t i = done; i < power && i < done + BATCH; i++) {
        x = step(m, x, c);
        product = montgomery_multiply(m, product, distance(x, saved));
      }
      if (greatest_common_divisor(product, m->n) != 1) {
        return walk_again(m, start, c, saved);
      }
    }
  }
}

uint64_t smallest_prime_factor(uint64_t n) {
  if (n % 2 == 0) {
    return 2;
  }
  if (is_prime(n)) {
    return n;
  }
  struct montgomery m = montgomery_of(n);
  uint64_t factor = n;
  for (uint64_t c = 1; factor == n; c++) {
    factor = try_constant(&m, c % n);
  }
  uint64_t a = smallest_prime_factor(factor);
  uint64_t b = smallest_prime_factor(n / factor);
  return a < b ? a : b;
}
