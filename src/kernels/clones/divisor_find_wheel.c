#include "kernels/divisor.h"

#include <stddef.h>

/* Numbers prime to 30, one turn of the wheel. */
static const uint64_t spokes[8] = {1, 7, 11, 13, 17, 19, 23, 29};

uint64_t CLONE(divisor_find_wheel)(uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates) {
  for (uint64_t turn = lo / 30 * 30; turn < hi; turn += 30) {
    for (size_t i = 0; i < 8; i++) {
      uint64_t d = turn + spokes[i];
      if (d < lo) {
        continue;
      }
      if (d >= hi) {
        return 0;
      }
      ++*candidates;
      if (n % d == 0) {
        return d;
      }
    }
  }
  return 0;
}
