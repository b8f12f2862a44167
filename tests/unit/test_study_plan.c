/* How the suite's time is dealt out to its cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "app/study_plan.h"
#include "app/suite.h"

enum { CASES = 4 };

static const struct study_plan suite = {
    .group_count = CASES, .rules = {.relative = 0.05, .seconds = 20}, .is_suite = true};

static void assert_seconds(const struct study_plan *study, size_t group, double spent,
                           double expected) {
  struct study_rules rules = study_plan_rules(study, group, spent);
  assert_true(rules.relative == study->rules.relative);
  if (!(fabs(rules.seconds - expected) < 1e-9)) {
    fail_msg("%g s for case %zu instead of %g", rules.seconds, group, expected);
  }
}

static double shares_from(size_t group) {
  double shares = 0;
  for (size_t i = group; suite_cases[i].words[0] != NULL; i++) {
    shares += suite_cases[i].share;
  }
  return shares;
}

/* Each uses what it has: then each has its share. */
static void every_case_has_its_share(void **state) {
  (void)state;
  double spent = 0;
  for (size_t i = 0; i < CASES; i++) {
    double seconds = 20 * suite_cases[i].share / shares_from(0);
    assert_true(seconds > 1);
    assert_seconds(&suite, i, spent, seconds);
    spent += seconds;
  }
  assert_true(fabs(spent - 20) < 1e-9);
}

static void what_is_left_goes_to_those_after(void **state) {
  (void)state;
  assert_seconds(&suite, 1, 2, 18 * suite_cases[1].share / shares_from(1));
  assert_seconds(&suite, CASES - 1, 2, 18);
  assert_seconds(&suite, CASES - 1, 21, 0); /* late: a round is made all the same */
}

static void groups_of_other_studies_have_all_of_theirs(void **state) {
  (void)state;
  struct study_plan study = suite;
  study.is_suite = false;
  assert_seconds(&study, 0, 0, 20);
  assert_seconds(&study, 2, 100, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_case_has_its_share),
      cmocka_unit_test(what_is_left_goes_to_those_after),
      cmocka_unit_test(groups_of_other_studies_have_all_of_theirs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
