/* Tests on the ranks (places in sorted order) of samples; no distribution is assumed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct rank_test {
  double u;   /* pairs (a, b) with a > b, ties counted half */
  double p;   /* two-sided: how often chance alone would give a u at least as far from the middle */
  bool exact; /* by counting all arrangements */
};

/* Do samples from a tend to be larger or smaller than those from b? (H. B. Mann and D. R. Whitney,
   1947.) Both counts >= 1. Exact with fewer than 50 samples on each side and no ties, as R's
   wilcox.test; otherwise the normal approximation, corrected for ties and continuity. p is 1 when
   memory lacks. */
struct rank_test ranks_mann_whitney(const double *a, size_t a_count, const double *b,
                                    size_t b_count);

struct trend {
  double rho; /* Spearman's correlation of the samples with their order, -1 to 1 */
  double p;   /* two-sided, by the normal approximation: rho * sqrt(count - 1) */
};

/* Do the samples grow or fall with time? count >= 3. */
struct trend ranks_trend(const double *samples, size_t count);
