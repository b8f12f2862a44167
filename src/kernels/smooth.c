#include "kernels/smooth.h"

void gauss_sum(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
               const double *widths, size_t count, uint128_t *sums) {
  PICK_CLONE(gauss_sum_blocks)(samples, lo, hi, point, widths, count, sums);
}

void epanechnikov_sum(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                      const double *widths, size_t count, uint128_t *sums) {
  PICK_CLONE(epanechnikov_sum_blocks)(samples, lo, hi, point, widths, count, sums);
}
