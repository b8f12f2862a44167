#include "kernels/cube.h"

#include <math.h>
#include <string.h>

/* Samples whose distances are computed together: they stay in the first-level cache. */
enum { BLOCK = 1024 };

/* The first of the ascending half widths that is at least `distance`; `widths` when none is. */
static size_t find_bin(const double *half_widths, size_t widths, double distance) {
  size_t first = 0;
  for (size_t length = widths; length > 0;) {
    size_t half = length / 2;
    if (half_widths[first + half] < distance) {
      first += half + 1;
      length -= half + 1;
    } else {
      length = half;
    }
  }
  return first;
}

void CLONE(cube_histogram_blocks)(const struct samples *samples, uint64_t lo, uint64_t hi,
                                  const double *point, const double *half_widths, size_t widths,
                                  uint64_t *bins) {
  double distances[BLOCK];
  for (uint64_t start = lo; start < hi; start += BLOCK) {
    size_t length = hi - start < BLOCK ? (size_t)(hi - start) : BLOCK;
    memset(distances, 0, length * sizeof *distances);
    for (size_t j = 0; j < samples->dimensions; j++) {
      const double *coordinate = samples->coordinates + j * samples->stride + start;
      for (size_t i = 0; i < length; i++) {
        double distance = fabs(coordinate[i] - point[j]);
        distances[i] = distance > distances[i] ? distance : distances[i];
      }
    }
    for (size_t i = 0; i < length; i++) {
      size_t bin = find_bin(half_widths, widths, distances[i]);
      if (bin < widths) {
        bins[bin]++;
      }
    }
  }
}
