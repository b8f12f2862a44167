#include "kernels/smooth.h"

#include "kernels/exp_negative.h"

/* Samples taken together: their terms stay in the first-level cache, and their sum in 64 bits. */
enum { CHUNK = 1024 };

/* terms[i] *= max(0, 1 - u^2) in one dimension. */
static void multiply_terms(const double *coordinates, size_t length, double x, double scale,
                           double *restrict terms) {
  for (size_t i = 0; i < length; i++) {
    double difference = coordinates[i] - x;
    double factor = 1 - difference * difference * scale;
    terms[i] *= factor > 0 ? factor : 0;
  }
}

static uint64_t sum_terms(const double *terms, size_t length) {
  uint64_t sum = 0;
  for (size_t i = 0; i < length; i++) {
    sum += bits_of_double(1 + terms[i]);
  }
  return sum - length * bits_of_double(1);
}

void CLONE(epanechnikov_sum_blocks)(const struct samples *samples, uint64_t lo, uint64_t hi,
                                    const double *point, const double *widths, size_t count,
                                    uint128_t *sums) {
  _Alignas(64) double terms[CHUNK];
  for (uint64_t start = lo; start < hi; start += CHUNK) {
    size_t length = hi - start < CHUNK ? (size_t)(hi - start) : CHUNK;
    for (size_t w = 0; w < count; w++) {
      double scale = 1 / (widths[w] * widths[w]);
      for (size_t i = 0; i < length; i++) {
        terms[i] = 1;
      }
      for (size_t j = 0; j < samples->dimensions; j++) {
        multiply_terms(samples->coordinates + j * samples->stride + start, length, point[j], scale,
                       terms);
      }
      sums[w] += sum_terms(terms, length);
    }
  }
}
