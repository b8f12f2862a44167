#include "statistics/ranks.h"

#include <math.h>
#include <stdlib.h>

enum { EXACT_BELOW = 50 };

struct observation {
  double value, rank;
  size_t place; /* in the caller's order */
};

static int compare_observations(const void *a, const void *b) {
  double x = ((const struct observation *)a)->value;
  double y = ((const struct observation *)b)->value;
  return (x > y) - (x < y);
}

/* Sort and give each its rank from 1 on, ties their mean rank. Returns the sum of t^3 - t over the
   groups of t tied ones. */
static double rank(struct observation *observations, size_t count) {
  double ties = 0;
  qsort(observations, count, sizeof *observations, compare_observations);
  for (size_t first = 0, end = 0; first < count; first = end) {
    while (end < count && observations[end].value == observations[first].value) {
      end++;
    }
    for (size_t i = first; i < end; i++) {
      observations[i].rank = (double)(first + 1 + end) / 2;
    }
    double tied = (double)(end - first);
    ties += tied * tied * tied - tied;
  }
  return ties;
}

static double normal_two_sided(double z) {
  return erfc(fabs(z) / sqrt(2));
}

/* P(U <= u) when all arrangements of m and n samples are equally likely: u is the sum of a
   partition into at most m parts of at most n, and prod (1 - x^(n+i)) / (1 - x^i) generates how
   many there are. NAN when memory lacks. */
static double share_up_to(size_t u, size_t m, size_t n) {
  double *ways = calloc(u + 1, sizeof *ways);
  if (ways == NULL) {
    return NAN;
  }
  ways[0] = 1;
  double all = 1;
  for (size_t i = 1; i <= m; i++) {
    for (size_t s = u; s >= n + i; s--) {
      ways[s] -= ways[s - n - i];
    }
    for (size_t s = i; s <= u; s++) {
      ways[s] += ways[s - i];
    }
    all *= (double)(n + i) / (double)i;
  }
  double sum = 0;
  for (size_t s = 0; s <= u; s++) {
    sum += ways[s];
  }
  free(ways);
  return sum / all;
}

static double exact_p(double u, size_t m, size_t n) {
  double other = (double)(m * n) - u;
  double share = share_up_to((size_t)(u < other ? u : other), m, n);
  return isnan(share) ? 1 : fmin(1, 2 * share);
}

static double approximate_p(double u, size_t m, size_t n, double ties) {
  double total = (double)(m + n);
  double pairs = (double)m * (double)n;
  double variance = pairs / 12 * (total + 1 - ties / (total * (total - 1)));
  double distance = fmax(0, fabs(u - pairs / 2) - 0.5);
  return variance > 0 ? normal_two_sided(distance / sqrt(variance)) : 1;
}

struct rank_test ranks_mann_whitney(const double *a, size_t a_count, const double *b,
                                    size_t b_count) {
  size_t count = a_count + b_count;
  struct rank_test test = {.u = NAN, .p = 1};
  struct observation *all = malloc(count * sizeof *all);
  if (all == NULL) {
    return test;
  }
  for (size_t i = 0; i < count; i++) {
    all[i] = (struct observation){.value = i < a_count ? a[i] : b[i - a_count], .place = i};
  }
  double ties = rank(all, count);
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    sum += all[i].place < a_count ? all[i].rank : 0;
  }
  free(all);
  test.u = sum - (double)a_count * (double)(a_count + 1) / 2;
  test.exact = ties == 0 && a_count < EXACT_BELOW && b_count < EXACT_BELOW;
  test.p = test.exact ? exact_p(test.u, a_count, b_count)
                      : approximate_p(test.u, a_count, b_count, ties);
  return test;
}

struct trend ranks_trend(const double *samples, size_t count) {
  struct trend trend = {.rho = 0, .p = 1};
  struct observation *all = malloc(count * sizeof *all);
  if (all == NULL || count < 3) {
    free(all);
    return trend;
  }
  for (size_t i = 0; i < count; i++) {
    all[i] = (struct observation){.value = samples[i], .place = i};
  }
  double ties = rank(all, count);
  double middle = (double)(count + 1) / 2;
  double covariance = 0;
  for (size_t i = 0; i < count; i++) {
    covariance += (all[i].rank - middle) * ((double)all[i].place + 1 - middle);
  }
  free(all);
  double n = (double)count;
  double spread = (n * n * n - n) / 12;
  double ranks_spread = spread - ties / 12;
  if (ranks_spread > 0) {
    trend.rho = covariance / sqrt(spread * ranks_spread);
    trend.p = normal_two_sided(trend.rho * sqrt(n - 1));
  }
  return trend;
}
