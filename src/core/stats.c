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

void stats_sort(double *samples, size_t count) {
  qsort(samples, count, sizeof *samples, compare_doubles);
}

double stats_quantile(const double *sorted, size_t count, double p) {
  double place = (double)(count - 1) * p;
  size_t below = (size_t)place;
  size_t above = below + 1 < count ? below + 1 : below;
  double share = place - (double)below;
  return sorted[below] + share * (sorted[above] - sorted[below]);
}

static void describe_spread(struct stats *stats, const double *sorted) {
  stats->quartile1 = stats_quantile(sorted, stats->count, 0.25);
  stats->quartile3 = stats_quantile(sorted, stats->count, 0.75);
  double reach = 1.5 * (stats->quartile3 - stats->quartile1);
  stats->fence_low = stats->quartile1 - reach;
  stats->fence_high = stats->quartile3 + reach;
  for (size_t i = 0; i < stats->count; i++) {
    stats->outliers += sorted[i] < stats->fence_low || sorted[i] > stats->fence_high;
  }
}

struct stats stats_of(const double *samples, size_t count) {
  double fixed[64];
  double *sorted = count <= 64 ? fixed : malloc(count * sizeof *sorted);
  struct stats stats = {.count = count, .median = NAN, .min = NAN, .max = NAN};
  if (count == 0 || sorted == NULL) {
    return stats;
  }
  memcpy(sorted, samples, count * sizeof *sorted);
  stats_sort(sorted, count);
  stats.min = sorted[0];
  stats.max = sorted[count - 1];
  stats.median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  describe_spread(&stats, sorted);
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

double stats_median_error(const struct stats *stats) {
  enum { SIDES = 2 };
  static const double errors_to_a_side = 1.96;
  if (stats->count < 2) {
    return NAN;
  }
  double reach = stats->has_interval ? (stats->ci95_high - stats->ci95_low) / errors_to_a_side
                                     : stats->max - stats->min;
  return stats->median > 0 ? reach / SIDES / stats->median : 0;
}
