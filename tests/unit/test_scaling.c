/* What holds a scaled job back, told from made-up measurements with one cause each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "app/scaling.h"

static struct scaling scaling;
static char text[1024];

/* A point of `workers` on 8 cores whose run took `seconds`: all busy all the time. */
static struct scaling_point *add_point(int workers, double seconds) {
  struct scaling_point *point = &scaling.points[scaling.count++];
  *point = (struct scaling_point){.ranks = workers,
                                  .workers = workers,
                                  .cores = 8,
                                  .factor = 1,
                                  .median = seconds,
                                  .serial = 8,
                                  .seconds = seconds,
                                  .busy_max = seconds,
                                  .busy_mean = seconds};
  return point;
}

static int begin(void **state) {
  (void)state;
  scaling = (struct scaling){.serial = 8, .clock_drop = NAN};
  return 0;
}

static void assert_says(const char *expected) {
  scaling_diagnose(&scaling, text, sizeof text);
  print_message("%s\n", text);
  assert_non_null(strstr(text, expected));
}

static void assert_silent_on(const char *unexpected) {
  assert_null(strstr(text, unexpected));
}

static void perfect_scaling_is_held_back_by_nothing(void **state) {
  (void)state;
  add_point(1, 8);
  add_point(8, 1);
  assert_says("On 8 workers with a core each the efficiency is 1.00. Nothing worth a word");
}

/* A machine twice as slow in the typical run's round, and its baseline with it. */
static void losses_are_those_against_the_same_rounds_baseline(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->median = 1;
  point->serial = 16;
  assert_says("the efficiency is 1.00. Nothing worth a word");
}

static void imbalance(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->busy_mean = 1;
  assert_says(
      "efficiency is 0.50. Lost in a typical run: 50.0 %: imbalanced, the busiest worker had 2.00 "
      "times the mean.");
  assert_silent_on("waiting");
}

static void waiting_for_dispatch(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  point->busy_mean = 1;
  point->busy_max = 1;
  point->waited_mean = 0.25;
  assert_says("20.0 %: waiting for dispatch.");
  assert_silent_on("serial part");
}

static void a_serial_part(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  point->busy_mean = 1;
  point->busy_max = 1;
  assert_says("20.0 %: the serial part, starting and adding up.");
  assert_silent_on("waiting");
}

static void others_on_the_cores(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->busy_mean = 1;
  point->busy_max = 1;
  point->yielded_mean = 0.9;
  assert_says("45.0 %: others had the cores meanwhile; 5.0 %: the serial part");
}

static void dearer_work_with_and_without_a_clock_drop(void **state) {
  (void)state;
  add_point(8, 1.25);
  assert_says("20.0 %: the same work took more processor time than alone.");
  scaling.clock_drop = 1.0;
  assert_says("memory-bound");
  scaling.clock_drop = 1.25;
  assert_says("clock drop: cores that are all busy run 20 % slower here.");
  assert_silent_on("memory-bound");
}

static void losses_add_up(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->busy_mean = 1.2;
  point->busy_max = 1.5;
  point->waited_mean = 0.2;
  struct scaling_losses losses = scaling_losses_of(point);
  double sum = losses.efficiency + losses.dearer + losses.imbalance + losses.waiting +
               losses.taken + losses.ends;
  assert_true(fabs(sum - 1) < 1e-12);
  assert_true(fabs(losses.waiting - 0.1) < 1e-12 && fabs(losses.ends - 0.15) < 1e-12);
}

static void more_workers_than_cores(void **state) {
  (void)state;
  add_point(8, 1);
  add_point(32, 1.25);
  assert_says(
      "Beyond 8 workers it is oversubscribed: 32 share 8 cores, whose speedup cannot exceed "
      "8, and reach 0.80 of that.");
  begin(NULL);
  add_point(32, 1.25)->cores = 2; /* nothing but that */
  assert_says("Beyond 2 workers it is oversubscribed");
}

static void weak_jobs_grow(void **state) {
  (void)state;
  scaling.weak = true;
  add_point(1, 8);
  add_point(8, 8)->factor = 8;
  assert_says("efficiency is 1.00");
  assert_true(scaling_speedup(&scaling, &scaling.points[1]) == 8);
}

/* A serial fraction of a tenth, and points past the cores, which the fit leaves out. */
static void fits_use_points_with_a_core_each(void **state) {
  (void)state;
  for (int workers = 1; workers <= 32; workers *= 2) {
    add_point(workers, 8 * (0.1 + 0.9 / (workers < 8 ? workers : 8)));
  }
  struct fit fit = scaling_fit(&scaling, 0);
  assert_true(fit.fitted && fit.law == FIT_AMDAHL);
  assert_true(fabs(fit.value[0] - 0.1) < 1e-6);
  assert_int_equal(scaling_fit(&scaling, 1).law, FIT_UNIVERSAL);
  scaling.weak = true;
  assert_int_equal(scaling_fit(&scaling, 0).law, FIT_GUSTAFSON);
  scaling.count = 2;
  assert_false(scaling_fit(&scaling, 0).fitted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(perfect_scaling_is_held_back_by_nothing, begin),
      cmocka_unit_test_setup(losses_are_those_against_the_same_rounds_baseline, begin),
      cmocka_unit_test_setup(imbalance, begin),
      cmocka_unit_test_setup(waiting_for_dispatch, begin),
      cmocka_unit_test_setup(a_serial_part, begin),
      cmocka_unit_test_setup(others_on_the_cores, begin),
      cmocka_unit_test_setup(dearer_work_with_and_without_a_clock_drop, begin),
      cmocka_unit_test_setup(losses_add_up, begin),
      cmocka_unit_test_setup(more_workers_than_cores, begin),
      cmocka_unit_test_setup(weak_jobs_grow, begin),
      cmocka_unit_test_setup(fits_use_points_with_a_core_each, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
