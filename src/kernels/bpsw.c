#include "kernels/bpsw.h"

#include <stddef.h>

#include "kernels/miller_rabin.h"
#include "kernels/montgomery128.h"

static const uint32_t prime_bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41};
enum { PRIME_BASES = sizeof prime_bases / sizeof prime_bases[0] };

/* 3317044064679887385961981, the least composite that is a strong pseudoprime to all of them. */
static const uint128_t proven_below = (uint128_t)179817 << 64 | UINT64_C(5885577656943027709);

static int trailing_zeros(uint128_t x) {
  return (uint64_t)x != 0 ? __builtin_ctzll((uint64_t)x)
                          : 64 + __builtin_ctzll((uint64_t)(x >> 64));
}

static int highest_bit(uint128_t x) {
  uint64_t high = (uint64_t)(x >> 64);
  return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)x);
}

bool passes_miller_rabin_128(uint128_t n, uint32_t base) {
  struct montgomery128 m = montgomery128_of(n);
  uint128_t minus_one = n - m.one;
  int twos = trailing_zeros(n - 1);
  uint128_t exponent = (n - 1) >> twos;
  uint128_t residue = montgomery128_residue(&m, base);
  uint128_t power = m.one;
  for (int bit = highest_bit(exponent); bit >= 0; bit--) {
    power = montgomery128_multiply(&m, power, power);
    if (exponent >> bit & 1) {
      power = montgomery128_multiply(&m, power, residue);
    }
  }
  bool passed = power == m.one || power == minus_one;
  for (int i = 1; i < twos && !passed; i++) {
    power = montgomery128_multiply(&m, power, power);
    passed = power == minus_one;
  }
  return passed;
}

static bool is_square(uint128_t n) {
  uint128_t root = 0;
  for (uint128_t bit = (uint128_t)1 << 63; bit != 0; bit >>= 1) {
    if ((root | bit) * (root | bit) <= n) {
      root |= bit;
    }
  }
  return root * root == n;
}

/* Jacobi's symbol (a / n), n odd. */
static int jacobi(int64_t a, uint128_t n) {
  int sign = 1;
  if (a < 0) {
    a = -a;
    sign = n % 4 == 3 ? -1 : 1;
  }
  uint128_t top = (uint128_t)a % n;
  while (top != 0) {
    int twos = trailing_zeros(top);
    top >>= twos;
    if (twos % 2 == 1 && (n % 8 == 3 || n % 8 == 5)) {
      sign = -sign;
    }
    if (top % 4 == 3 && n % 4 == 3) {
      sign = -sign;
    }
    uint128_t rest = n % top;
    n = top;
    top = rest;
  }
  return n == 1 ? sign : 0;
}

/* Selfridge's choice: the first of 5, -7, 9, -11, ... with (D / n) = -1, P = 1, Q = (1 - D) / 4.
   0 when n shares a factor with one of them. n no square, else there is none. */
static int64_t choose_discriminant(uint128_t n) {
  int64_t discriminant = 5;
  int symbol;
  while ((symbol = jacobi(discriminant, n)) != -1) {
    if (symbol == 0 && n != (uint128_t)(discriminant < 0 ? -discriminant : discriminant)) {
      return 0;
    }
    discriminant = discriminant > 0 ? -discriminant - 2 : -discriminant + 2;
  }
  return discriminant;
}

/* U_k, V_k and Q^k of Lucas's sequences with P = 1. */
struct lucas {
  uint128_t u, v, q_power;
};

static struct lucas doubled(const struct montgomery128 *m, struct lucas at) {
  uint128_t twice = montgomery128_add(m, at.q_power, at.q_power);
  return (struct lucas){
      .u = montgomery128_multiply(m, at.u, at.v),
      .v = montgomery128_subtract(m, montgomery128_multiply(m, at.v, at.v), twice),
      .q_power = montgomery128_multiply(m, at.q_power, at.q_power),
  };
}

static struct lucas increased(const struct montgomery128 *m, struct lucas at, uint128_t d,
                              uint128_t q) {
  uint128_t d_times_u = montgomery128_multiply(m, d, at.u);
  return (struct lucas){
      .u = montgomery128_half(m, montgomery128_add(m, at.u, at.v)),
      .v = montgomery128_half(m, montgomery128_add(m, d_times_u, at.v)),
      .q_power = montgomery128_multiply(m, at.q_power, q),
  };
}

bool passes_strong_lucas(uint128_t n) {
  int64_t discriminant = is_square(n) ? 0 : choose_discriminant(n);
  if (discriminant == 0 || n + 1 == 0) { /* 2^128 - 1 is a multiple of 3 */
    return false;
  }
  struct montgomery128 m = montgomery128_of(n);
  uint128_t d = montgomery128_residue(&m, discriminant);
  uint128_t q = montgomery128_residue(&m, (1 - discriminant) / 4);
  int twos = trailing_zeros(n + 1);
  uint128_t index = (n + 1) >> twos;
  struct lucas at = {.u = m.one, .v = m.one, .q_power = q};
  for (int bit = highest_bit(index) - 1; bit >= 0; bit--) {
    at = doubled(&m, at);
    if (index >> bit & 1) {
      at = increased(&m, at, d, q);
    }
  }
  bool passed = at.u == 0 || at.v == 0;
  for (int i = 1; i < twos && !passed; i++) {
    at = doubled(&m, at);
    passed = at.v == 0;
  }
  return passed;
}

/* 1: prime, 0: not, -1: no small prime tells. */
static int settle_by_small_primes(uint128_t n) {
  if (n < 2) {
    return 0;
  }
  for (size_t i = 0; i < PRIME_BASES; i++) {
    if (n % prime_bases[i] == 0) {
      return n == prime_bases[i];
    }
  }
  return n < (uint128_t)43 * 43 ? 1 : -1;
}

bool passes_bpsw(uint128_t n) {
  int settled = settle_by_small_primes(n);
  return settled >= 0 ? settled : passes_miller_rabin_128(n, 2) && passes_strong_lucas(n);
}

enum primality primality_128(uint128_t n) {
  if (n >> 64 == 0) {
    return is_prime((uint64_t)n) ? PROVEN_PRIME : COMPOSITE;
  }
  if (n >= proven_below) {
    return passes_bpsw(n) ? PROBABLE_PRIME : COMPOSITE;
  }
  for (size_t i = 0; i < PRIME_BASES; i++) {
    if (n % prime_bases[i] == 0 || !passes_miller_rabin_128(n, prime_bases[i])) {
      return COMPOSITE;
    }
  }
  return PROVEN_PRIME;
}
