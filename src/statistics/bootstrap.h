/* Intervals of ratios of medians by resampling. The same samples give the same interval, always:
   the draws are a counter-based generator's. */
#pragma once

#include <stddef.h>

struct ratio {
  double value, low, high;
};

/* The median of `over`, or, where `under` is not NULL, that of `over` divided by that of `under`:
   a job's time, or its time in units of its serial baseline's. */
struct group {
  const double *over;
  size_t over_count;
  const double *under;
  size_t under_count;
};

/* numerator / denominator with the percentile interval of the given confidence (0.95) from 9,999
   resamples (B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13;
   BCa's acceleration is not used, since the jackknife fails for medians, section 11.6). Samples of
   `over` and `under` of one group that are equally many were taken in rounds, one of each a round,
   and are resampled as rounds: a drift that both saw cancels. All counts >= 1, all samples > 0.
   NAN all when memory lacks. */
struct ratio bootstrap_ratio(const struct group *numerator, const struct group *denominator,
                             double confidence);
