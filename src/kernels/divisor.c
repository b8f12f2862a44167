#include "kernels/divisor.h"

uint64_t divisor_find(uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates) {
  static const uint64_t wheel_primes[] = {2, 3, 5};
  for (int i = 0; i < 3; i++) {
    if (lo <= wheel_primes[i] && wheel_primes[i] < hi) {
      ++*candidates;
      if (n % wheel_primes[i] == 0) {
        return wheel_primes[i];
      }
    }
  }
  return PICK_CLONE(divisor_find_wheel)(n, lo > 7 ? lo : 7, hi, candidates);
}
