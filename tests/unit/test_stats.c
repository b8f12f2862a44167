/* Medians and their intervals, against published tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/stats.h"

static void medians_of_any_order(void **state) {
  (void)state;
  static const double odd[] = {50, 1, 4, 2, 3}; /* far from their mean */
  struct stats stats = stats_of(odd, 5);
  assert_true(stats.median == 3 && stats.min == 1 && stats.max == 50 && stats.count == 5);
  assert_false(stats.has_interval);
  static const double even[] = {40, 1, 3, 2};
  assert_true(stats_of(even, 4).median == 2.5);
  static const double one[] = {7};
  stats = stats_of(one, 1);
  assert_true(stats.median == 7 && stats.min == 7 && stats.max == 7);
}

/* Le Boudec's table A.1 for the median at 95 %: n, and the ranks (j, k) of the interval's ends. */
static void intervals_match_the_table(void **state) {
  (void)state;
  static const struct {
    size_t n, low, high;
  } table[] = {{6, 1, 6},   {7, 1, 7},   {8, 1, 8},   {9, 2, 8},   {10, 2, 9},   {11, 2, 10},
               {12, 3, 10}, {15, 4, 12}, {20, 6, 15}, {25, 8, 18}, {30, 10, 21}, {70, 27, 44}};
  double samples[70];
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    for (size_t s = 0; s < table[i].n; s++) {
      samples[s] = (double)(table[i].n - s); /* descending: 1 ... n after sorting */
    }
    struct stats stats = stats_of(samples, table[i].n);
    print_message("n = %zu: %g %g\n", table[i].n, stats.ci95_low, stats.ci95_high);
    assert_true(stats.has_interval);
    assert_true(stats.ci95_low == (double)table[i].low);
    assert_true(stats.ci95_high == (double)table[i].high);
  }
}

/* 6 samples from 10 to 16 around 13: the interval spans all of them, 1.96 errors to a side. */
static void the_error_of_a_median(void **state) {
  (void)state;
  static const double samples[] = {10, 12, 13, 13, 14, 16};
  struct stats six = stats_of(samples, 6);
  struct stats four = stats_of(samples, 4);
  struct stats one = stats_of(samples, 1);
  assert_true(fabs(stats_median_error(&six) - 3 / 1.96 / 13) < 1e-15);
  assert_true(fabs(stats_median_error(&four) - 1.5 / 12.5) < 1e-15);
  assert_true(isnan(stats_median_error(&one)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_error_of_a_median),
      cmocka_unit_test(medians_of_any_order),
      cmocka_unit_test(intervals_match_the_table),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
