/* Where work lands on a timeline, however long the run becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "core/timeline.h"

static const double START = 1000; /* of the run, on the clock */
static const double STRETCH = 1e-6;

static double sum(const double *seconds) {
  double total = 0;
  for (size_t i = 0; i < TIMELINE_STRETCHES; i++) {
    total += seconds[i];
  }
  return total;
}

/* Times of the clock carry an error of 1e-13 at START. */
static void assert_seconds(double seconds, double expected) {
  assert_true(fabs(seconds - expected) < 1e-12 + 1e-9 * expected);
}

static void add(struct timeline *timeline, double from, double to, double core) {
  timeline_add(timeline, START + from, START + to, core);
}

static void work_lands_in_its_stretches(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 2.5 * STRETCH, 4.25 * STRETCH, 0.875 * STRETCH); /* half of the time on a core */
  const double busy[] = {0, 0, 0.5, 1, 0.25, 0};
  for (size_t i = 0; i < 6; i++) {
    assert_seconds(timeline.busy[i], busy[i] * STRETCH);
    assert_seconds(timeline.core[i], busy[i] * STRETCH / 2);
  }
}

static void neighbours_are_joined_when_the_run_is_long(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 3 * STRETCH, 4 * STRETCH, STRETCH);
  add(&timeline, TIMELINE_STRETCHES * STRETCH, (TIMELINE_STRETCHES + 1) * STRETCH, STRETCH);
  assert_seconds(timeline.stretch, 2 * STRETCH);
  assert_seconds(timeline.busy[0], 0);
  assert_seconds(timeline.busy[1], STRETCH);
  assert_seconds(timeline.busy[TIMELINE_STRETCHES / 2], STRETCH);
  assert_seconds(sum(timeline.busy), 2 * STRETCH);
  assert_seconds(sum(timeline.core), 2 * STRETCH);
}

static void nothing_is_lost_in_a_run_of_an_hour(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  double busy = 0;
  for (int slice = 0; slice < 36000; slice++) {
    add(&timeline, 0.1 * slice, 0.1 * slice + 0.06, 0.03);
    busy += 0.06;
  }
  assert_true(fabs(sum(timeline.busy) - busy) < 1e-6 * busy);
  assert_true(fabs(sum(timeline.core) - busy / 2) < 1e-6 * busy);
  timeline.seconds = 3600;
  size_t count = timeline_count(&timeline);
  assert_in_range(count, TIMELINE_STRETCHES / 2, TIMELINE_STRETCHES);
  double length = 0;
  for (size_t i = 0; i < count; i++) {
    double share = timeline.busy[i] / timeline_length(&timeline, i);
    assert_true(share > 0.59 && share < 0.61);
    length += timeline_length(&timeline, i);
  }
  assert_seconds(length, 3600);
}

/* The clocks of time and of the processor are read one after the other. */
static void a_core_is_not_had_for_longer_than_there_was_work(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 0, STRETCH, 5 * STRETCH);
  add(&timeline, STRETCH, 2 * STRETCH, -STRETCH);
  add(&timeline, 3 * STRETCH, 3 * STRETCH, STRETCH); /* no time at all */
  add(&timeline, 5 * STRETCH, 4 * STRETCH, STRETCH);
  assert_seconds(timeline.core[0], STRETCH);
  assert_seconds(timeline.core[1], 0);
  assert_seconds(sum(timeline.busy), 2 * STRETCH);
  assert_seconds(sum(timeline.core), STRETCH);
}

static void workers_are_added_up(void **state) {
  (void)state;
  struct timeline one;
  struct timeline other;
  for (int turn = 0; turn < 2; turn++) { /* the longer run into the shorter one, and back */
    timeline_begin(&one, START);
    timeline_begin(&other, START);
    add(&one, 4 * STRETCH, 8 * STRETCH, 2 * STRETCH);
    add(&other, 0, 4.0 * TIMELINE_STRETCHES * STRETCH, 0);
    struct timeline *into = turn == 0 ? &one : &other;
    timeline_add_up(into, turn == 0 ? &other : &one);
    assert_seconds(into->stretch, 4 * STRETCH);
    assert_seconds(into->busy[0], 4 * STRETCH);
    assert_seconds(into->busy[1], 8 * STRETCH);
    assert_seconds(into->core[1], 2 * STRETCH);
    assert_seconds(sum(into->busy), (4.0 * TIMELINE_STRETCHES + 4) * STRETCH);
  }
}

static void a_late_start_moves_everything(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 0, 2 * STRETCH, STRETCH);
  add(&timeline, 100 * STRETCH, 101 * STRETCH, STRETCH);
  timeline.seconds = 101 * STRETCH;
  timeline_delay(&timeline, 10.5 * STRETCH);
  assert_seconds(timeline.seconds, 111.5 * STRETCH);
  assert_seconds(timeline.stretch, STRETCH);
  assert_seconds(timeline.busy[9], 0);
  assert_seconds(timeline.busy[10], 0.5 * STRETCH);
  assert_seconds(timeline.busy[11], STRETCH);
  assert_seconds(timeline.core[11], 0.5 * STRETCH);
  assert_seconds(timeline.busy[110], 0.5 * STRETCH);
  assert_seconds(timeline.busy[111], 0.5 * STRETCH);
  timeline_delay(&timeline, 0.5 * STRETCH + 1000 * STRETCH);
  assert_seconds(sum(timeline.busy), 3 * STRETCH);
  assert_seconds(sum(timeline.core), 2 * STRETCH);
  assert_seconds(timeline.busy[0], 0);
}

/* Of a last stretch that is shorter the work stays within it. */
static void a_late_start_moves_nothing_beyond_the_end(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 0, 1.25 * STRETCH, 0);
  timeline.seconds = 1.25 * STRETCH;
  timeline_delay(&timeline, 0.5 * STRETCH);
  assert_seconds(timeline.busy[0], 0.5 * STRETCH);
  assert_seconds(timeline.busy[1], 0.75 * STRETCH);
  assert_seconds(timeline.busy[2], 0);
}

/* Idle at its end, for longer than there were stretches as short as those of the work. */
static void a_run_is_told_to_its_end(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 0, 3 * STRETCH, 3 * STRETCH);
  timeline_reach(&timeline, 1000 * STRETCH);
  timeline.seconds = 999 * STRETCH;
  assert_seconds(timeline.stretch, 8 * STRETCH);
  assert_int_equal(timeline_count(&timeline), 125);
  assert_seconds(timeline.busy[0], 3 * STRETCH);
  timeline_reach(&timeline, STRETCH);
  assert_seconds(timeline.stretch, 8 * STRETCH);
}

static void stretches_are_joined_to_a_given_length(void **state) {
  (void)state;
  struct timeline timeline;
  timeline_begin(&timeline, START);
  add(&timeline, 0, 64 * STRETCH, 64 * STRETCH);
  timeline_coarsen(&timeline, 32 * STRETCH);
  timeline_coarsen(&timeline, STRETCH);
  assert_seconds(timeline.stretch, 32 * STRETCH);
  timeline.seconds = 65 * STRETCH;
  assert_int_equal(timeline_count(&timeline), 3);
  assert_seconds(timeline_length(&timeline, 1), 32 * STRETCH);
  assert_seconds(timeline_length(&timeline, 2), STRETCH);
  assert_seconds(timeline.busy[1], 32 * STRETCH);
  assert_seconds(timeline.busy[2], 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(work_lands_in_its_stretches),
      cmocka_unit_test(neighbours_are_joined_when_the_run_is_long),
      cmocka_unit_test(nothing_is_lost_in_a_run_of_an_hour),
      cmocka_unit_test(a_core_is_not_had_for_longer_than_there_was_work),
      cmocka_unit_test(workers_are_added_up),
      cmocka_unit_test(a_late_start_moves_everything),
      cmocka_unit_test(a_late_start_moves_nothing_beyond_the_end),
      cmocka_unit_test(a_run_is_told_to_its_end),
      cmocka_unit_test(stretches_are_joined_to_a_given_length),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
