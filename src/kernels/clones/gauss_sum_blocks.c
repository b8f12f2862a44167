#include "kernels/smooth.h"

#include <math.h>

#include "kernels/compact.h"
#include "kernels/exp_negative.h"

enum {
  CHUNK = 1024, /* samples taken together: their distances stay in the first-level cache, and their
                   terms' sum in 64 bits (up to 4095 would) */
  VECTOR = 8    /* doubles in the widest vector */
};

/* exp(-40) is far below half of 2^-52: terms from there on add nothing. */
static const double NOTHING = 40;

static void squared_distances(const struct samples *samples, uint64_t start, size_t length,
                              const double *point, double *restrict squares) {
  for (size_t j = 0; j < samples->dimensions; j++) {
    const double *coordinates = samples->coordinates + j * samples->stride + start;
    double x = point[j];
    for (size_t i = 0; i < length; i++) {
      double difference = coordinates[i] - x;
      squares[i] = (j == 0 ? 0 : squares[i]) + difference * difference;
    }
  }
}

/* The sum of exp(square * slope) in units of 2^-52; length is a multiple of VECTOR. Squares above
   limit count as limit, which is -NOTHING / slope. */
static uint64_t sum_terms(const double *squares, size_t length, double slope, double limit) {
  uint64_t sum = 0;
  for (size_t i = 0; i < length; i++) {
    double square = squares[i] < limit ? squares[i] : limit;
    sum += bits_of_double(1 + exp_negative(square * slope));
  }
  return sum - length * bits_of_double(1);
}

void CLONE(gauss_sum_blocks)(const struct samples *samples, uint64_t lo, uint64_t hi,
                             const double *point, const double *widths, size_t count,
                             uint128_t *sums) {
  _Alignas(64) double squares[CHUNK + COMPACT_SLACK] = {0};
  for (uint64_t start = lo; start < hi; start += CHUNK) {
    size_t length = hi - start < CHUNK ? (size_t)(hi - start) : CHUNK;
    squared_distances(samples, start, length, point, squares);
    double compacted = INFINITY;
    for (size_t w = count; w-- > 0 && length > 0;) {
      double slope = -1 / (2 * widths[w] * widths[w]);
      /* What adds nothing here will not do so for smaller widths either. To look for it takes some
         of a term's time, so that is done only when a good part may be found. */
      double limit = -NOTHING / slope;
      if (limit < 0.7 * compacted) {
        length = compact_at_most(squares, length, limit, squares);
        compacted = limit;
      }
      size_t padded = (length + VECTOR - 1) / VECTOR * VECTOR;
      for (size_t i = length; i < padded; i++) {
        squares[i] = INFINITY;
      }
      sums[w] += sum_terms(squares, padded, slope, limit);
    }
  }
}
