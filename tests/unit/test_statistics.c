/* Statistics against what scipy and numpy say (tests/data/statistics.txt). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/stats.h"
#include "statistics/bootstrap.h"
#include "statistics/ranks.h"
#include "statistics/student.h"

enum { MOST = 512 };

struct numbers {
  size_t count;
  double value[MOST];
};

static void assert_near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance * fmax(1e-300, fabs(expected)))) {
    print_error("%.17g instead of %.17g\n", value, expected);
    fail();
  }
}

/* What a line of the file says about samples a and b. */
typedef void check(const struct numbers *a, const struct numbers *b, const double *expected);

static void parse_numbers(const char *text, struct numbers *numbers) {
  char *end = NULL;
  numbers->count = 0;
  while (true) {
    double value = strtod(text, &end);
    if (end == text) {
      return;
    }
    assert_true(numbers->count < MOST);
    numbers->value[numbers->count++] = value;
    text = end;
  }
}

/* Call `checks` for every line that begins with `word`; there must be `least` of them. */
static void for_each(const char *word, size_t least, check *checks) {
  static struct numbers a;
  static struct numbers b;
  static struct numbers expected;
  static char line[16384];
  FILE *file = fopen(TEST_DATA "/statistics.txt", "r");
  assert_non_null(file);
  size_t found = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    size_t length = strcspn(line, " \n");
    const char *rest = line + length;
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "a ", 2) == 0) {
      parse_numbers(rest, &a);
    } else if (strncmp(line, "b ", 2) == 0) {
      parse_numbers(rest, &b);
    } else if (length == strlen(word) && strncmp(line, word, length) == 0) {
      parse_numbers(rest, &expected);
      print_message("%s\n", line);
      checks(&a, &b, expected.value);
      found++;
    }
  }
  fclose(file);
  assert_true(found >= least);
}

static void check_mann_whitney(const struct numbers *a, const struct numbers *b,
                               const double *expected) {
  struct rank_test test = ranks_mann_whitney(a->value, a->count, b->value, b->count);
  assert_near(test.u, expected[0], 0);
  assert_int_equal(test.exact, expected[1] != 0);
  assert_near(test.p, expected[2], 1e-9);
  struct rank_test swapped = ranks_mann_whitney(b->value, b->count, a->value, a->count);
  assert_near(swapped.p, test.p, 1e-12);
}

static void mann_whitney_is_scipys(void **state) {
  (void)state;
  for_each("mann-whitney", 20, check_mann_whitney);
  /* Four on each side are the fewest that can tell anything at 5 %. */
  const double apart[] = {1, 2, 3, 4, 5, 6, 7, 8};
  assert_near(ranks_mann_whitney(apart, 4, apart + 4, 4).p, 2.0 / 70, 1e-12);
  assert_near(ranks_mann_whitney(apart, 3, apart + 4, 3).p, 0.1, 1e-12);
}

static void check_trend(const struct numbers *a, const struct numbers *b, const double *expected) {
  (void)b;
  struct trend trend = ranks_trend(a->value, a->count);
  assert_true(fabs(trend.rho - expected[0]) < 1e-12);
  assert_near(trend.p, expected[1], 1e-9);
}

static void trends_are_scipys(void **state) {
  (void)state;
  for_each("trend", 5, check_trend);
}

static void check_quantile(const struct numbers *a, const struct numbers *b,
                           const double *expected) {
  (void)b;
  double sorted[MOST];
  memcpy(sorted, a->value, a->count * sizeof *sorted);
  stats_sort(sorted, a->count);
  assert_near(stats_quantile(sorted, a->count, expected[0]), expected[1], 1e-14);
}

static void check_fences(const struct numbers *a, const struct numbers *b, const double *expected) {
  (void)b;
  struct stats stats = stats_of(a->value, a->count);
  assert_near(stats.fence_low, expected[0], 1e-13);
  assert_near(stats.fence_high, expected[1], 1e-13);
  assert_int_equal(stats.outliers, (int)expected[2]);
}

static void quantiles_and_fences_are_numpys(void **state) {
  (void)state;
  for_each("quantile", 20, check_quantile);
  for_each("fences", 5, check_fences);
  /* Pointed out, never dropped. */
  static const double wild[] = {1, 2, 3, 4, 100};
  struct stats stats = stats_of(wild, 5);
  assert_true(stats.outliers == 1 && stats.max == 100 && stats.median == 3 && stats.count == 5);
}

static void check_student(const struct numbers *a, const struct numbers *b,
                          const double *expected) {
  (void)a, (void)b;
  assert_near(student_quantile(expected[0], (size_t)expected[1]), expected[2], 1e-8);
}

static void student_is_scipys(void **state) {
  (void)state;
  for_each("student", 50, check_student);
}

/* Ends of an interval that was resampled too: they agree to what 9,999 resamples can tell. */
static void check_ratio(const struct numbers *a, const struct numbers *b, const double *expected) {
  struct group over = {.over = b->value, .over_count = b->count};
  struct group under = {.over = a->value, .over_count = a->count};
  struct ratio ratio = bootstrap_ratio(&over, &under, 0.95);
  assert_near(ratio.value, expected[0], 1e-14);
  double width = expected[2] - expected[1];
  assert_true(fabs(ratio.low - expected[1]) < 0.06 * width);
  assert_true(fabs(ratio.high - expected[2]) < 0.06 * width);
  struct ratio again = bootstrap_ratio(&over, &under, 0.95);
  assert_memory_equal(&ratio, &again, sizeof ratio);
  struct ratio wider = bootstrap_ratio(&over, &under, 0.99);
  assert_true(wider.low < ratio.low && wider.high > ratio.high);
}

static void ratios_are_numpys(void **state) {
  (void)state;
  for_each("ratio", 3, check_ratio);
}

/* A drift that job and baseline saw alike cancels in their rounds; resampled apart it does not. */
static void rounds_cancel_drift(void **state) {
  (void)state;
  double job[20];
  double alone[20];
  double more[21];
  for (size_t i = 0; i < 20; i++) {
    double drift = 1 + 0.02 * (double)i;
    job[i] = drift;
    alone[i] = 2 * drift;
    more[i] = alone[i];
  }
  more[20] = alone[10];
  struct group one = {.over = (const double[]){1}, .over_count = 1};
  struct group rounds = {job, 20, alone, 20};
  struct ratio ratio = bootstrap_ratio(&rounds, &one, 0.95);
  assert_near(ratio.low, 0.5, 1e-12);
  assert_near(ratio.high, 0.5, 1e-12);
  struct group apart = {job, 20, more, 21};
  ratio = bootstrap_ratio(&apart, &one, 0.95);
  assert_true(ratio.low < 0.48 && ratio.high > 0.52);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mann_whitney_is_scipys),
      cmocka_unit_test(trends_are_scipys),
      cmocka_unit_test(quantiles_and_fences_are_numpys),
      cmocka_unit_test(student_is_scipys),
      cmocka_unit_test(ratios_are_numpys),
      cmocka_unit_test(rounds_cancel_drift),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
