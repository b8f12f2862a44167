/* Statistics of repeated measurements, without assuming a distribution. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct stats {
  size_t count;
  double median, min, max;
  bool has_interval;          /* false with fewer than 6 samples: no such interval exists */
  double ci95_low, ci95_high; /* of the median, from order statistics */
};

/* samples[count], count >= 1, in any order; not changed.
   The interval is the narrowest symmetric pair of order statistics (x_k, x_{n+1-k}) that covers the
   median with probability >= 95 % under the binomial distribution (Le Boudec, "Performance
   Evaluation of Computer and Communication Systems", 2010, section 2.2.2). */
struct stats stats_of(const double *samples, size_t count);
