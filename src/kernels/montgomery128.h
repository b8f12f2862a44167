/* montgomery.h for odd n < 2^128: a residue a is held as a * 2^128 mod n. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/uint128.h"

struct montgomery128 {
  uint128_t n;
  uint128_t inverse; /* n * inverse = 1 modulo 2^128 */
  uint128_t one;     /* 1, as it is held */
};

static inline struct montgomery128 montgomery128_of(uint128_t n) {
  uint128_t inverse = (n * 3) ^ 2; /* right to 5 bits; each step of Newton's doubles them */
  for (int bits = 5; bits < 128; bits *= 2) {
    inverse *= 2 - n * inverse;
  }
  return (struct montgomery128){.n = n, .inverse = inverse, .one = -n % n};
}

/* a, b < n, here and below. */
static inline uint128_t montgomery128_add(const struct montgomery128 *m, uint128_t a, uint128_t b) {
  uint128_t rest = m->n - b;
  return a >= rest ? a - rest : a + b; /* a + b may need 129 bits */
}

static inline uint128_t montgomery128_subtract(const struct montgomery128 *m, uint128_t a,
                                               uint128_t b) {
  return a >= b ? a - b : a + (m->n - b);
}

static inline uint128_t montgomery128_half(const struct montgomery128 *m, uint128_t a) {
  return (a >> 1) + (a & 1 ? (m->n >> 1) + 1 : 0);
}

/* The 256-bit product: its high half, and its low half in *low. */
static inline uint128_t multiply_wide(uint128_t a, uint128_t b, uint128_t *low) {
  uint128_t a0 = (uint64_t)a, a1 = a >> 64, b0 = (uint64_t)b, b1 = b >> 64;
  uint128_t middle = a1 * b0 + (a0 * b0 >> 64); /* cannot overflow, nor can the next */
  uint128_t other = a0 * b1 + (uint64_t)middle;
  *low = a * b;
  return a1 * b1 + (middle >> 64) + (other >> 64);
}

static inline uint128_t montgomery128_multiply(const struct montgomery128 *m, uint128_t a,
                                               uint128_t b) {
  uint128_t low, ignored;
  uint128_t high = multiply_wide(a, b, &low);
  uint128_t multiple = multiply_wide(low * m->inverse, m->n, &ignored);
  return high - multiple + (high < multiple ? m->n : 0);
}

/* How a small number is held; n > 1. */
static inline uint128_t montgomery128_residue(const struct montgomery128 *m, int64_t a) {
  uint128_t residue = 0;
  uint128_t power = m->one;
  for (uint64_t rest = a < 0 ? -(uint64_t)a : (uint64_t)a; rest != 0; rest /= 2) {
    if (rest & 1) {
      residue = montgomery128_add(m, residue, power);
    }
    power = montgomery128_add(m, power, power);
  }
  return a < 0 ? montgomery128_subtract(m, 0, residue) : residue;
}
