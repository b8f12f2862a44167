#include "kernels/legendre.h"

/* phi(x, k) = x - sum over i < k of phi(x / p_i, i). */
static uint64_t phi(uint64_t x, const uint32_t *primes, size_t k, uint64_t *steps) {
  uint64_t left = x;
  ++*steps;
  for (size_t i = 0; i < k && primes[i] <= x; i++) {
    left -= phi(x / primes[i], primes, i, steps);
  }
  return left;
}

uint64_t legendre_count(uint64_t x, const uint32_t *primes, size_t k, uint64_t *steps) {
  return phi(x / primes[k], primes, k, steps);
}
