#include "kernels/cube.h"

#include <math.h>

#include "kernels/compact.h"

enum {
  CHUNK =
      512,   /* samples whose distances are computed together: they stay in the first-level cache */
  LANES = 4, /* histograms, taken in turn: adding to a counter that was just written has to wait */
  LANE_WIDTHS = 256 /* the most widths for which lanes are made */
};

static double max(double a, double b) {
  return a > b ? a : b;
}

/* distances[i] = Chebyshev distance of sample start + i; two dimensions a pass. */
static void chebyshev(const struct samples *samples, uint64_t start, size_t length,
                      const double *point, double *restrict distances) {
  size_t dimensions = samples->dimensions;
  const double *a = samples->coordinates + start;
  double x = point[0];
  if (dimensions == 1) {
    for (size_t i = 0; i < length; i++) {
      distances[i] = fabs(a[i] - x);
    }
    return;
  }
  const double *b = a + samples->stride;
  double y = point[1];
  for (size_t i = 0; i < length; i++) {
    distances[i] = max(fabs(a[i] - x), fabs(b[i] - y));
  }
  for (size_t j = 2; j < dimensions; j++) {
    const double *c = a + j * samples->stride;
    double z = point[j];
    for (size_t i = 0; i < length; i++) {
      distances[i] = max(fabs(c[i] - z), distances[i]);
    }
  }
}

/* The first of the half widths that is at least `distance`; steps is widths->steps. */
static inline size_t find_bin(const struct cube_widths *widths, unsigned steps, double distance) {
  size_t bin = widths->first[cube_cell(widths->offset, widths->shift, distance) - widths->base];
  for (unsigned step = steps; step-- > 0;) {
    size_t ahead = (size_t)1 << step;
    bin += widths->half_widths[bin + ahead - 1] < distance ? ahead : 0;
  }
  return bin;
}

static inline void count_distances(const struct cube_widths *widths, unsigned steps,
                                   const double *distances, size_t count,
                                   uint64_t *const lanes[LANES]) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) {
      lanes[lane][find_bin(widths, steps, distances[i + lane])]++;
    }
  }
  for (; i < count; i++) {
    lanes[0][find_bin(widths, steps, distances[i])]++;
  }
}

static void count_chunks(const struct samples *samples, uint64_t lo, uint64_t hi,
                         const double *point, const struct cube_widths *widths,
                         uint64_t *const lanes[LANES]) {
  _Alignas(64) double distances[CHUNK + COMPACT_SLACK] = {0};
  for (uint64_t start = lo; start < hi; start += CHUNK) {
    size_t length = hi - start < CHUNK ? (size_t)(hi - start) : CHUNK;
    chebyshev(samples, start, length, point, distances);
    size_t kept = compact_at_most(distances, length, widths->largest, distances);
    if (widths->steps == 1) { /* a copy of its own for the usual case, without the loop */
      count_distances(widths, 1, distances, kept, lanes);
    } else {
      count_distances(widths, widths->steps, distances, kept, lanes);
    }
  }
}

void CLONE(cube_histogram_blocks)(const struct samples *samples, uint64_t lo, uint64_t hi,
                                  const double *point, const struct cube_widths *widths,
                                  uint64_t *bins) {
  /* Lanes have to be cleared and added up: that must be little beside the counting. */
  if (widths->count > LANE_WIDTHS || hi - lo < 16 * widths->count) {
    count_chunks(samples, lo, hi, point, widths, (uint64_t *const[LANES]){bins, bins, bins, bins});
    return;
  }
  uint64_t counts[LANES][LANE_WIDTHS];
  for (size_t w = 0; w < widths->count; w++) {
    counts[0][w] = counts[1][w] = counts[2][w] = counts[3][w] = 0;
  }
  count_chunks(samples, lo, hi, point, widths,
               (uint64_t *const[LANES]){counts[0], counts[1], counts[2], counts[3]});
  for (size_t w = 0; w < widths->count; w++) {
    bins[w] += counts[0][w] + counts[1][w] + counts[2][w] + counts[3][w];
  }
}
