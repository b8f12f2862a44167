/* Statistics of repeated measurements, without assuming a distribution. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct stats {
  size_t count;
  double median, min, max;
  bool has_interval;          /* false with fewer than 6 samples: no such interval exists */
  double ci95_low, ci95_high; /* of the median, from order statistics */
  double quartile1, quartile3;
  /* Tukey's fences, 1.5 interquartile ranges beyond the quartiles (Exploratory Data Analysis,
     1977), and how many samples lie outside. They are pointed out and stay in every figure above.
   */
  double fence_low, fence_high;
  size_t outliers;
};

/* samples[count], count >= 1, in any order; not changed.
   The interval is the narrowest symmetric pair of order statistics (x_k, x_{n+1-k}) that covers the
   median with probability >= 95 % under the binomial distribution (Le Boudec, "Performance
   Evaluation of Computer and Communication Systems", 2010, section 2.2.2). */
struct stats stats_of(const double *samples, size_t count);

/* Relative standard error of the median: from its interval, or with too few samples for one from
   their range. NAN with a single sample, which tells nothing of it. */
double stats_median_error(const struct stats *stats);

/* Sort in place, ascending. */
void stats_sort(double *samples, size_t count);

/* The quantile of sorted[count], count >= 1, 0 <= p <= 1, between order statistics in proportion:
   type 7 of R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American
   Statistician 50(4), 1996; R's and numpy's standard. */
double stats_quantile(const double *sorted, size_t count, double p);
