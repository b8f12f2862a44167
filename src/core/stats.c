#include "core/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The largest k >= 1 with P(Binomial(n, 1/2) < k) <= 2.5 %, or 0 when there is none. */
static size_t interval_rank(size_t n) {
  double log_half_n = -(double)n * log(2);
  double below = 0;
  size_t k = 0;
  while (k < n / 2) {
    double p = exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) +
                   log_half_n);
    if (below + p > 0.025) {
      break;
    }
    below += p;
    k++;
  }
  return k;
}

struct stats stats_of(const double *samples, size_t count) {
  double fixed[64];
  double *sorted = count <= 64 ? fixed : malloc(count * sizeof *sorted);
  struct stats stats = {.count = count, .median = NAN, .min = NAN, .max = NAN};
  if (count == 0 || sorted == NULL) {
    return stats;
  }
  memcpy(sorted, samples, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, compare_doubles);
  stats.min = sorted[0];
  stats.max = sorted[count - 1];
  stats.median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  size_t k = interval_rank(count);
  if (k >= 1) {
    stats.has_interval = true;
    stats.ci95_low = sorted[k - 1];
    stats.ci95_high = sorted[count - k];
  }
  if (sorted != fixed) {
    free(sorted);
  }
  return stats;
}
