/* What holds a scaled job back, told from made-up measurements with one cause each. */
#include "unit/scaling_points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/philox.h"

static char text[SCALING_TEXT];

/* All shares that the paragraph prints, losses less gains, against what they should explain. */
static double printed_losses(void) {
  double sum = 0;
  const char *gained = strstr(text, "Gained");
  const char *against = strstr(text, "Set against");
  const char *in_return = strstr(text, "Gained in return");
  for (const char *at = strstr(text, " %: "); at != NULL; at = strstr(at + 1, " %: ")) {
    const char *number = at;
    while (number[-1] != ' ') {
      number--;
    }
    bool is_gain = in_return != NULL
                       ? at > in_return
                       : gained != NULL && at > gained && (against == NULL || at < against);
    sum += (is_gain ? -1 : 1) * strtod(number, NULL);
  }
  return sum / 100;
}

/* Whatever is said, it adds up: in the figures exactly, in the text as far as it is rounded. */
static void diagnose(void) {
  scaling_diagnose(&scaling, text, sizeof text);
  print_message("%s\n", text);
  const struct scaling_point *point = scaling_largest(&scaling);
  if (point == NULL) {
    return;
  }
  struct scaling_losses losses = scaling_losses_of(&scaling, point);
  double sum = losses.efficiency;
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    sum += losses.share[i];
  }
  assert_true(fabs(sum - 1) < 1e-12);
  if (strstr(text, "othing worth a word") == NULL) {
    assert_true(fabs(printed_losses() - (1 - losses.efficiency)) < 0.005);
  }
  if (losses.efficiency >= 1) {
    assert_null(strstr(text, "Lost"));
  }
}

static void assert_says(const char *expected) {
  diagnose();
  assert_non_null(strstr(text, expected));
}

static void assert_silent_on(const char *unexpected) {
  assert_null(strstr(text, unexpected));
}

/* One loss, and nothing else. */
static void assert_only(const char *expected) {
  char sentence[512];
  snprintf(sentence, sizeof sentence, "Lost in a typical run: %s.", expected);
  assert_says(sentence);
  assert_null(strchr(text, ';'));
  assert_silent_on("Gained");
}

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

static void dearer_work_with_and_without_a_clock_drop(void **state) {
  (void)state;
  add_point(8, 1.25);
  assert_only("20.0 %: the same work took more processor time than alone");
  scaling.clock_drop = 1.0;
  assert_only("20.0 %: the same work took more processor time than alone, with no drop of the "
              "clock - memory-bound, or sharing caches or a core");
  scaling.clock_drop = 1.25;
  assert_only("20.0 %: the same work took more processor time than alone - clock drop: cores that "
              "are all busy run 20 % slower here");
  scaling.clock_drop = 1.1;
  assert_says("run 9 % slower here; that is not all of it - memory-bound");
}

static void dearer_on_many_than_on_one(void **state) {
  (void)state;
  add_point(1, 10);
  add_point(8, 2);
  assert_says("Lost in a typical run: 12.5 %: handing out, in the pool: one worker already takes "
              "1.25 times the kernel's processor time; 37.5 %: the same work took more processor "
              "time than on one worker.");
}

static void handing_out_single_items(void **state) {
  (void)state;
  add_point(1, 16);
  struct scaling_point *point = add_point(8, 2);
  scaling.clock_drop = 1;
  assert_only("50.0 %: handing out, in the pool: one worker already takes 2.00 times the kernel's "
              "processor time");
  point->run.seconds = point->median = 4;
  set_work(point, 4, 4);
  point->chunks = 8000000; /* two million a second */
  assert_says("25.0 %: handing out, in the pool: one worker already takes 2.00 times the kernel's "
              "processor time; 50.0 %: the same work took more processor time than on one worker, "
              "with 2.0 million draws a second that workers contend for.");
  assert_silent_on("memory-bound");
  point->chunks = 8000;
  assert_says("than on one worker, with no drop of the clock - memory-bound");
}

/* One worker's cost is no more than what there is to explain. */
static void a_disturbed_single_worker_explains_no_more_than_there_is(void **state) {
  (void)state;
  add_point(1, 16);
  add_point(8, 1);
  assert_says("Nothing worth a word");
}

static void work_in_vain(void **state) {
  (void)state;
  add_point(1, 8);
  struct scaling_point *point = add_point(8, 2);
  scaling.clock_drop = 1;
  point->run.items = 2 * ITEMS;
  point->wasted = ITEMS / 2;
  assert_only("50.0 %: work done in vain: 2.00 times the items that the kernel does alone until "
              "its find, 25 % of them after the find");
  point->run.items = ITEMS * 3 / 2; /* half of the excess is theirs */
  assert_says("25.0 %: work done in vain: 1.50 times the items that the kernel does alone until "
              "its find, 33 % of them after the find; 25.0 %: an item took more processor time "
              "than alone.");
  assert_silent_on("the same work");
  assert_silent_on("memory-bound");
  point->run.items = 100 * ITEMS; /* cheap ones */
  assert_says("50.0 %: work done in vain: 100.00 times");
}

static void a_find_that_comes_sooner(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 0.25);
  point->run.items = ITEMS / 4;
  assert_says("efficiency is 4.00. Gained in a typical run: 300.0 %: less work than alone, 0.25 "
              "times its items: the find came sooner.");
  point->run.items = ITEMS / 5;
  set_work(point, 0.2, 0.25);
  assert_says("320.0 %: less work than alone, 0.20 times its items: the find came sooner. Set "
              "against that: 20.0 %: imbalanced, the last worker had 1.25 times the mean.");
  set_work(point, 0.15, 0.15);
  point->run.seconds = point->median = 0.15;
  assert_says("an item took less processor time than alone.");
  assert_silent_on("the same work");
}

static void faster_than_linear(void **state) {
  (void)state;
  add_point(8, 0.8);
  assert_says("efficiency is 1.25. Gained in a typical run: 25.0 %: the same work took less "
              "processor time than alone: caches, or a clock that rose.");
}

/* And yet not faster in all. */
static void gains_that_losses_outweigh(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 2);
  set_work(point, 0.8, 0.8);
  assert_says("efficiency is 0.50. Lost in a typical run: 60.0 %: the serial part, starting and "
              "adding up. Gained in return: 10.0 %: the same work took less processor time than "
              "alone: caches, or a clock that rose.");
}

static void small_losses_are_the_rest(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  set_work(point, 1, 1);
  point->mean.waited = point->last.waited = 0.01;
  assert_says("19.2 %: the serial part, starting and adding up; 0.8 %: the rest.");
}

/* A probe tells no processor time, but needs a core. */
static void probes_are_told_by_the_wall_clock(void **state) {
  (void)state;
  scaling.tells_core = false;
  scaling.clock_drop = 1;
  struct scaling_point *point = add_point(8, 1.25);
  point->alone.core_seconds = 0;
  point->mean = (struct worker_time){.busy = 1.25};
  point->last = (struct worker_time){.busy = 1.25};
  assert_says("On 8 workers with a core each");
  assert_only("20.0 %: the same work took more time than alone");
  add_point(32, 1.25);
  assert_says("Beyond 8 workers it is oversubscribed");
}

/* It goes on at once on however few cores, and takes no processor time. */
static void work_that_needs_no_core(void **state) {
  (void)state;
  scaling.needs_core = false;
  struct scaling_point *point = add_point(32, 0.25);
  point->ideal = 32;
  point->alone.core_seconds = point->mean.core = point->last.core = 0;
  assert_says("On 32 workers the efficiency is 1.00. Nothing worth a word");
  assert_silent_on("oversubscribed");
  point->run.seconds = point->median = 0.5;
  assert_only("50.0 %: the serial part, starting and adding up");
  point->mean.busy = 0.5;
  point->last.busy = 0.5;
  assert_only("50.0 %: the same work took more time than alone");
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
      cmocka_unit_test_setup(dearer_work_with_and_without_a_clock_drop, begin),
      cmocka_unit_test_setup(dearer_on_many_than_on_one, begin),
      cmocka_unit_test_setup(handing_out_single_items, begin),
      cmocka_unit_test_setup(a_disturbed_single_worker_explains_no_more_than_there_is, begin),
      cmocka_unit_test_setup(work_in_vain, begin),
      cmocka_unit_test_setup(a_find_that_comes_sooner, begin),
      cmocka_unit_test_setup(faster_than_linear, begin),
      cmocka_unit_test_setup(gains_that_losses_outweigh, begin),
      cmocka_unit_test_setup(small_losses_are_the_rest, begin),
      cmocka_unit_test_setup(work_that_needs_no_core, begin),
      cmocka_unit_test_setup(probes_are_told_by_the_wall_clock, begin),
      cmocka_unit_test_setup(memory_that_bounds, begin),
      cmocka_unit_test_setup(more_workers_than_cores, begin),
      cmocka_unit_test_setup(weak_jobs_grow, begin),
      cmocka_unit_test_setup(empty_jobs_add_up_too, begin),
      cmocka_unit_test_setup(shares_add_up_whatever_was_measured, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
