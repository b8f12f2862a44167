/* The report of a run: what is made of all ranks' facts, and how unevenly they started. */
#include "mpi/pool_probe.h"

#include <math.h>

#include "pool/report.h"

/* Far above what synchronised ranks differ by, even on a busy machine. */
static const double LATE = 100;

static bool is_last(void) {
  return test_team.rank == test_team.size - 1;
}

static double expected_skew(void) {
  return test_team.size > 1 ? LATE : 0;
}

/* Between the first and the last, whichever ranks those are, and however the others lie. */
static void the_time_and_the_skew_are_of_all_ranks(void **state) {
  (void)state;
  bool good = true;
  for (int late = 0; late < test_team.size; late++) {
    double start = 5000 + (test_team.rank == late ? 0.25 : 0) - (test_team.rank == 0 ? 0.5 : 0);
    const struct rank_facts facts = {.seconds = 1 + test_team.rank,
                                     .found_at = INFINITY,
                                     .started_at = start,
                                     .stopped_at = 6000,
                                     .workers = 1};
    struct pool_report report = {0};
    report_collect(&test_team, &facts, &report);
    double expected = test_team.size == 1 ? 0 : late == 0 ? 0.25 : 0.75;
    good = good && report.start_skew == expected && report.seconds == test_team.size;
  }
  assert_on_all_ranks(good);
}

/* By the share of a rank's time that was after the find: of who began before it some, of who began
   later all it did, and no more. */
static void nobody_did_more_in_vain_than_all_it_did(void **state) {
  (void)state;
  bool good = true;
  for (int late = 0; late < test_team.size; late++) {
    bool is_late = test_team.rank == late;
    const struct rank_facts facts = {.seconds = 9,
                                     .found_at = late == 0 ? 13 : 11,
                                     .started_at = is_late ? 12 : 10,
                                     .stopped_at = 14,
                                     .workers = 1,
                                     .share = {.chunks = 1, .items = 1000}};
    struct pool_report report = {0};
    report_collect(&test_team, &facts, &report);
    uint64_t others = late == 0 ? 250 : 750; /* items: a second of four, or three */
    uint64_t expected = (uint64_t)(test_team.size - 1) * others + (late == 0 ? 500 : 1000);
    good = good && report.wasted == expected && report.stopped_early && report.stop_seconds <= 3;
  }
  assert_on_all_ranks(good);
}

/* All timelines have room for the whole run, though none worked at its end. */
static void timelines_last_until_the_end(void **state) {
  (void)state;
  static struct timeline timeline;
  timeline_begin(&timeline, 50);
  timeline_add(&timeline, 50, 50.001, 0.001);
  report_align(&test_team, &timeline, 50, test_team.rank == 0 ? 40 : 4);
  double reached = 0;
  for (size_t i = 0; i < timeline_count(&timeline); i++) {
    reached += timeline_length(&timeline, i);
  }
  assert_on_all_ranks(timeline.seconds == 40 && fabs(reached - 40) < 1e-9);
}

/* Means are over workers, and the last worker is the one whose work and waits took longest, though
   others were busier. */
static void the_last_worker_is_told_apart(void **state) {
  (void)state;
  bool good = true;
  for (int late = 0; late < test_team.size; late++) {
    bool is_late = test_team.rank == late;
    const struct rank_facts facts = {
        .seconds = 9,
        .found_at = INFINITY,
        .workers = 2,
        .time = {.busy = 8, .core = 6, .waited = 2, .yielded = 4, .looked = 1},
        .last =
            is_late ? (struct worker_time){3, 2, 1, 4, 0.5} : (struct worker_time){5, 5, 1, 1, 0}};
    struct pool_report report = {0};
    report_collect(&test_team, &facts, &report);
    good = good && report.busy_mean == 4 && report.core_mean == 3 && report.waited_mean == 1 &&
           report.yielded_mean == 2 && report.looked_mean == 0.5;
    good = good && report.last.busy == 3 && report.last.core == 2 && report.last.waited == 1 &&
           report.last.yielded == 4 && report.last.looked == 0.5;
  }
  assert_on_all_ranks(good);
}

/* A rank whose clock says that it began later than all others. */
static void a_late_rank_shows(void **state) {
  (void)state;
  bool good = true;
  pretend_one_node();
  probe = plain;
  probe.items = 100;
  FOR_TYPICAL_WAYS() {
    struct pool pool = make_pool(dispatcher_find(way->dispatch));
    for (int late = 0; late < 2; late++) {
      job_team.clock_offset = late && is_last() ? LATE : 0;
      struct outcome_of_run run = run_by(&pool);
      double expected = late ? expected_skew() : 0;
      good = good && run.status == STATUS_OK && fabs(run.report.start_skew - expected) < LATE / 4 &&
             (test_team.size > 1 || run.report.start_skew == 0);
      tally_free(&run.tally);
    }
  }
  job_team.clock_offset = 0;
  assert_on_all_ranks(good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_time_and_the_skew_are_of_all_ranks),
      cmocka_unit_test(nobody_did_more_in_vain_than_all_it_did),
      cmocka_unit_test(the_last_worker_is_told_apart),
      cmocka_unit_test(timelines_last_until_the_end),
      cmocka_unit_test(a_late_rank_shows),
  };
  RUN_ON_ALL_RANKS(tests);
}
