/* Which cases are measured in the same rounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/study_plan.h"

enum { CASES = 3, RANKS = 4 };

static struct study_plan study;

static void make(enum command command) {
  static struct planned_case cases[CASES];
  struct fault fault;
  const struct plan plan = {.command = command,
                            .cases = cases,
                            .count = CASES,
                            .study = {.relative = 0.05, .seconds = 20}};
  assert_int_equal(study_plan_make(&study, &plan, RANKS, &fault), STATUS_OK);
}

/* Each group begins where the one before ends, and its entries know it. */
static void assert_groups(size_t groups, size_t entries) {
  assert_int_equal(study.group_count, groups);
  assert_int_equal(study.count, groups * entries);
  for (size_t i = 0; i < groups; i++) {
    assert_int_equal(study.groups[i].first, i * entries);
    assert_int_equal(study.groups[i].count, entries);
    for (size_t k = 0; k < entries; k++) {
      assert_int_equal(study.entries[i * entries + k].group, i);
    }
  }
}

static void the_suites_cases_stand_in_rounds_together(void **state) {
  (void)state;
  make(COMMAND_SUITE);
  assert_groups(1, CASES);
  assert_true(study.rules.seconds == 20);
  study_plan_free(&study);
}

static void measured_cases_come_one_after_the_other(void **state) {
  (void)state;
  make(COMMAND_MEASURE);
  assert_groups(CASES, 1);
  assert_true(study.rules.seconds == 20);
  study_plan_free(&study);
}

static void a_scaled_case_stands_in_rounds_on_all_numbers_of_ranks(void **state) {
  (void)state;
  make(COMMAND_SCALE);
  assert_groups(CASES, 3); /* 1, 2, 4 ranks */
  assert_true(study.rules.seconds == 60);
  study_plan_free(&study);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_suites_cases_stand_in_rounds_together),
      cmocka_unit_test(measured_cases_come_one_after_the_other),
      cmocka_unit_test(a_scaled_case_stands_in_rounds_on_all_numbers_of_ranks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
