/* Arithmetic modulo an odd n < 2^64 without division (P. L. Montgomery, "Modular multiplication
   without trial division", Math. Comp. 44, 1985). A residue a is held as a * 2^64 mod n. */
#pragma once

#include <stdint.h>

#include "core/uint128.h"

struct montgomery {
  uint64_t n;
  uint64_t inverse; /* n * inverse = 1 modulo 2^64 */
  uint64_t one;     /* 1, as it is held */
};

static inline struct montgomery montgomery_of(uint64_t n) {
  uint64_t inverse = (n * 3) ^ 2; /* right to 5 bits; each step of Newton's doubles them */
  for (int bits = 5; bits < 64; bits *= 2) {
    inverse *= 2 - n * inverse;
  }
  return (struct montgomery){.n = n, .inverse = inverse, .one = -n % n};
}

static inline uint64_t montgomery_add(const struct montgomery *m, uint64_t a, uint64_t b) {
  uint64_t rest = m->n - b;
  return a >= rest ? a - rest : a + b; /* a + b may need 65 bits */
}

/* a, b < n. The multiple of n that is subtracted agrees with a * b in the low 64 bits. */
static inline uint64_t montgomery_multiply(const struct montgomery *m, uint64_t a, uint64_t b) {
  uint128_t product = (uint128_t)a * b;
  uint64_t high = (uint64_t)(product >> 64);
  uint64_t multiple = (uint64_t)((uint128_t)((uint64_t)product * m->inverse) * m->n >> 64);
  return high - multiple + (high < multiple ? m->n : 0);
}

/* How a is held. */
static inline uint64_t montgomery_residue(const struct montgomery *m, uint64_t a) {
  return (uint64_t)(((uint128_t)(a % m->n) << 64) % m->n);
}
