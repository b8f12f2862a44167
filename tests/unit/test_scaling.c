/* What keeps workers from their work, and what is told of whole studies, from made-up measurements
   with one cause each. */
#include "unit/scaling_diagnosis.h"

#include "kernels/philox.h"

static void perfect_scaling_is_held_back_by_nothing(void **state) {
  (void)state;
  add_point(1, 8);
  add_point(8, 1);
  assert_says("On 8 workers with a core each the efficiency is 1.00. Nothing worth a word holds it "
              "back.");
  begin(NULL);
  add_point(1, 8);
  assert_says("On 1 worker the efficiency is 1.00. Nothing worth a word");
}

/* A machine twice as slow in the typical run's round, and its baseline with it. */
static void losses_are_those_against_the_same_rounds_baseline(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->median = 1;
  point->alone.seconds = point->alone.core_seconds = 16;
  assert_says("the efficiency is 1.00. Nothing worth a word");
}

/* The medians say another thing than the run: no contradiction, and no shares of the medians. */
static void a_typical_run_that_differs_is_named(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1);
  point->median = 1 / 0.95;
  assert_says("efficiency is 0.95. In a typical run, whose efficiency is 1.00, nothing worth a "
              "word is lost.");
  point->run.seconds = 1.25;
  assert_says("efficiency is 0.95. Lost in a typical run, whose efficiency is 0.80: 20.0 %: the "
              "serial part");
}

static void imbalance(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  set_work(point, 1, 2);
  assert_only("50.0 %: imbalanced, the last worker had 2.00 times the mean");
}

static void waiting_for_dispatch(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  set_work(point, 1, 1);
  point->mean.waited = point->last.waited = 0.25;
  assert_only("20.0 %: waiting for dispatch");
}

static void a_serial_part(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  set_work(point, 1, 1);
  assert_only("20.0 %: the serial part, starting and adding up");
}

static void looks_between_slices(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  set_work(point, 1, 1);
  point->mean.yielded = point->last.yielded = 0.25;
  point->mean.looked = point->last.looked = 0.25;
  assert_only("20.0 %: looks for news and requests between slices");
}

static void others_on_the_cores_between_slices(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  set_work(point, 1, 1);
  point->mean.yielded = point->last.yielded = 0.9;
  assert_says("45.0 %: others had the cores meanwhile; 5.0 %: the serial part");
}

static void others_on_the_cores_within_slices(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->mean = point->last = (struct worker_time){.busy = 2, .core = 1};
  assert_only("50.0 %: others had the cores meanwhile");
}

/* On one of two cores: the other worker does more where work is drawn, and waits at the end where
   it is not. Neither is imbalance. */
static void a_neighbour_is_no_imbalance(void **state) {
  (void)state;
  struct scaling_point *point = add_point(2, 16.0 / 3); /* a core and a half */
  point->mean = (struct worker_time){.busy = 16.0 / 3, .core = 4};
  point->last = (struct worker_time){.busy = 16.0 / 3, .core = 16.0 / 3};
  assert_only("25.0 %: others had the cores meanwhile");
  begin(NULL);
  point = add_point(2, 8);
  point->mean = (struct worker_time){.busy = 6, .core = 4};
  point->last = (struct worker_time){.busy = 8, .core = 4};
  assert_only("50.0 %: others had the cores meanwhile");
  point->mean = (struct worker_time){.busy = 4, .core = 4, .yielded = 2};
  point->last = (struct worker_time){.busy = 4, .core = 4, .yielded = 4};
  assert_only("50.0 %: others had the cores meanwhile");
}

/* The end that others wait for is late by both in equal parts. */
static void lateness_is_shared_by_its_causes(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  point->mean = (struct worker_time){.busy = 1, .core = 1};
  point->last = (struct worker_time){.busy = 2, .core = 1.5};
  assert_says("25.0 %: imbalanced, the last worker had 1.50 times the mean; 25.0 %: others had the "
              "cores meanwhile.");
}

static void others_on_the_baselines_core(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  point->alone.core_seconds = 8;
  point->alone.seconds = 16;
  point->median = 0.625;
  assert_says("Gained in a typical run: 80.0 %: others had the core while the kernel ran alone, "
              "which flatters. Set against that: 20.0 %: the same work took more processor time "
              "than alone.");
}

static void small_losses_are_the_rest(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  set_work(point, 1, 1);
  point->mean.waited = point->last.waited = 0.01;
  assert_says("19.2 %: the serial part, starting and adding up; 0.8 %: the rest.");
}

/* What memory gives all of them over one: less than their number, or enough. */
static void memory_that_bounds(void **state) {
  (void)state;
  add_point(1, 8);
  struct scaling_point *point = add_point(4, 4);
  set_work(point, 4, 4);
  diagnose();
  assert_silent_on("Memory");
  point->memory_speedup = 2.5;
  assert_says(" Memory gives all of them 2.50 times what it gives one: memory-bound, the speedup "
              "reaches 0.80 of that.");
  point->memory_speedup = 3.9;
  assert_says(" Memory gives all of them 3.90 times what it gives one, and is not what bounds it.");
  assert_silent_on("memory-bound, the speedup");
}

/* What the kernel alone does on all of them at once is the most to hope for. */
static void cores_that_bound(void **state) {
  (void)state;
  add_point(1, 8);
  struct scaling_point *point = add_point(8, 1.25);
  diagnose();
  assert_silent_on("at once");
  point->core_speedup = 6.5;
  assert_says(" The kernel alone, on all of them at once, gets 6.50 times what one gets by itself; "
              "the speedup reaches 0.98 of that.");
  add_point(32, 1.25)->core_speedup = 0;
  assert_says("gets 6.50 times");
}

static void more_workers_than_cores(void **state) {
  (void)state;
  add_point(8, 1);
  add_point(32, 1.25);
  assert_says(
      "Beyond 8 workers it is oversubscribed: 32 share 8 cores, whose speedup cannot exceed "
      "8, and reach 0.80 of that.");
  scaling.points[1].median = 0.8;
  assert_says("32 share 8 cores and reach 1.25 times their number: less work than alone, or a slow "
              "baseline.");
  assert_silent_on("cannot exceed");
  begin(NULL);
  struct scaling_point *point = add_point(32, 1.25);
  point->cores = point->ideal = 2; /* nothing but that */
  point->median = 5;
  assert_says("Beyond 2 workers it is oversubscribed");
  assert_true(strstr(text, "Beyond") == text);
}

static void weak_jobs_grow(void **state) {
  (void)state;
  scaling.weak = true;
  add_point(1, 8);
  struct scaling_point *point = add_point(8, 8);
  point->factor = 8;
  point->run.items = 8 * ITEMS;
  assert_says("efficiency is 1.00. Nothing");
  assert_true(scaling_speedup(&scaling, &scaling.points[1]) == 8);
  point->run.seconds = point->median = 10;
  set_work(point, 10, 10);
  assert_only("20.0 %: the same work took more processor time than alone");
}

/* Nothing was done at all. */
static void empty_jobs_add_up_too(void **state) {
  (void)state;
  for (int workers = 1; workers <= 8; workers *= 8) {
    struct scaling_point *point = add_point(workers, 1e-6);
    point->alone = (struct scaling_run){1e-7, 5e-8, 0};
    point->run.items = 0;
    set_work(point, 1e-7, 1e-7);
  }
  diagnose();
}

/* Any times whatever: shares add up, and none of what cannot be gained is. */
static void shares_add_up_whatever_was_measured(void **state) {
  (void)state;
  for (uint64_t draw = 0; draw < 2000; draw++) {
    struct philox_block a = philox_block(0x5ca1e, 2 * draw);
    struct philox_block b = philox_block(0x5ca1e, 2 * draw + 1);
    double u[8];
    for (size_t i = 0; i < 4; i++) {
      u[i] = a.word[i] / 4294967296.0;
      u[4 + i] = b.word[i] / 4294967296.0;
    }
    begin(NULL);
    add_point(1, 8 + u[0]);
    struct scaling_point *point = add_point(8, 6);
    point->alone.core_seconds = 8 * u[1];
    point->run.items = draw % 3 == 0 ? ITEMS : (uint64_t)(16000 * u[2]);
    point->mean = (struct worker_time){u[3], u[3] * u[4], u[5], u[6], u[6] * u[7]};
    point->last = (struct worker_time){1 + u[0], u[1], 1 + u[2] * (1 - u[5]), 1, u[4]};
    struct scaling_losses losses = scaling_losses_of(&scaling, point);
    double sum = losses.efficiency;
    for (size_t i = 0; i < SCALING_LOSSES; i++) {
      sum += losses.share[i];
      bool may_be_gained = i == LOSS_OTHER_WORK || i == LOSS_DEARER || i == LOSS_BASELINE;
      assert_true(may_be_gained || losses.share[i] >= -1e-12);
    }
    assert_true(fabs(sum - 1) < 1e-12);
    assert_true(losses.share[LOSS_BASELINE] <= 0);
    assert_true(losses.share[LOSS_OTHER_WORK] * losses.share[LOSS_DEARER] >= -1e-18);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(perfect_scaling_is_held_back_by_nothing, begin),
      cmocka_unit_test_setup(losses_are_those_against_the_same_rounds_baseline, begin),
      cmocka_unit_test_setup(a_typical_run_that_differs_is_named, begin),
      cmocka_unit_test_setup(imbalance, begin),
      cmocka_unit_test_setup(waiting_for_dispatch, begin),
      cmocka_unit_test_setup(a_serial_part, begin),
      cmocka_unit_test_setup(looks_between_slices, begin),
      cmocka_unit_test_setup(others_on_the_cores_between_slices, begin),
      cmocka_unit_test_setup(others_on_the_cores_within_slices, begin),
      cmocka_unit_test_setup(a_neighbour_is_no_imbalance, begin),
      cmocka_unit_test_setup(lateness_is_shared_by_its_causes, begin),
      cmocka_unit_test_setup(others_on_the_baselines_core, begin),
      cmocka_unit_test_setup(small_losses_are_the_rest, begin),
      cmocka_unit_test_setup(memory_that_bounds, begin),
      cmocka_unit_test_setup(cores_that_bound, begin),
      cmocka_unit_test_setup(more_workers_than_cores, begin),
      cmocka_unit_test_setup(weak_jobs_grow, begin),
      cmocka_unit_test_setup(empty_jobs_add_up_too, begin),
      cmocka_unit_test_setup(shares_add_up_whatever_was_measured, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
