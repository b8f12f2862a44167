#include "kernels/cube.h"

#include <math.h>

void cube_histogram(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    const double *half_widths, size_t widths, uint64_t *bins) {
  PICK_CLONE(cube_histogram_blocks)(samples, lo, hi, point, half_widths, widths, bins);
}

uint64_t cube_count(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    double half_width) {
  uint64_t count = 0;
  for (uint64_t i = lo; i < hi; i++) {
    size_t j = 0;
    while (j < samples->dimensions &&
           fabs(samples->coordinates[j * samples->stride + i] - point[j]) <= half_width) {
      j++;
    }
    count += j == samples->dimensions;
  }
  return count;
}
