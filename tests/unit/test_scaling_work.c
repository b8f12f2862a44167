/* Work that costs more in a scaled job than alone, or is other work, from made-up measurements with
   one cause each. */
#include "unit/scaling_diagnosis.h"

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

/* Only what the kernel alone takes more on all cores at once, too, is the machine's. */
static void the_kernel_alone_on_all_cores_acquits_the_machine(void **state) {
  (void)state;
  struct scaling_point *point = add_point(8, 1.25);
  scaling.clock_drop = 1;
  point->cost_at_once = 1.13;
  assert_only("20.0 %: the same work took more processor time than alone, with no drop of the "
              "clock - memory-bound, or sharing caches or a core");
  point->cost_at_once = 1.12;
  assert_only("20.0 %: the same work took more processor time than alone, as the kernel alone does "
              "not on all cores at once: the pool, or chance");
  scaling.clock_drop = 1.25;
  assert_silent_on("clock drop");
  point->chunks = 8000000;
  assert_says("draws a second that workers contend for.");
}

static void dearer_on_many_than_on_one(void **state) {
  (void)state;
  add_point(1, 10);
  add_point(8, 2);
  assert_says("Lost in a typical run: 12.5 %: handing out, in the pool: one worker already takes "
              "1.25 times the kernel's processor time; 37.5 %: the same work took more processor "
              "time than on one worker.");
}

/* Costs of work that needs no core are by the wall clock. */
static void what_a_cost_is_of_is_told(void **state) {
  (void)state;
  add_point(1, 10);
  add_point(8, 2);
  scaling.needs_core = false;
  assert_says("one worker already takes 1.25 times the kernel's time;");
  assert_silent_on("processor time");
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(dearer_work_with_and_without_a_clock_drop, begin),
      cmocka_unit_test_setup(the_kernel_alone_on_all_cores_acquits_the_machine, begin),
      cmocka_unit_test_setup(dearer_on_many_than_on_one, begin),
      cmocka_unit_test_setup(what_a_cost_is_of_is_told, begin),
      cmocka_unit_test_setup(handing_out_single_items, begin),
      cmocka_unit_test_setup(a_disturbed_single_worker_explains_no_more_than_there_is, begin),
      cmocka_unit_test_setup(work_in_vain, begin),
      cmocka_unit_test_setup(a_find_that_comes_sooner, begin),
      cmocka_unit_test_setup(faster_than_linear, begin),
      cmocka_unit_test_setup(gains_that_losses_outweigh, begin),
      cmocka_unit_test_setup(probes_are_told_by_the_wall_clock, begin),
      cmocka_unit_test_setup(work_that_needs_no_core, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
