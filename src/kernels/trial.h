/* The textbook's test of a number, check_prime, mended: there 1 is prime and 2 is not. */
#pragma once

#include <stdint.h>

/* The smallest factor of n >= 2, n itself when it is prime: n is divided by 2, then by every odd
   number up to its root, until a division leaves no rest. *divisions grows by how many that were.
 */
static inline uint64_t trial_factor(uint64_t n, uint64_t *divisions) {
  ++*divisions;
  if (n % 2 == 0) {
    return 2;
  }
  for (uint64_t d = 3; d <= n / d; d += 2) {
    ++*divisions;
    if (n % d == 0) {
      return d;
    }
  }
  return n;
}
