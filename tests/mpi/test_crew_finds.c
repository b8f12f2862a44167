/* Early exit by crews of threads: finds by the main thread and by helpers, bounds, and a limit that
   only falls. */
#include "mpi/crew_probe.h"

#include <sched.h>
#include <time.h>

/* 100 s of work in all, of which a find by either kind of thread leaves most undone. */
static void a_find_stops_everyone(void **state) {
  (void)state;
  static const enum who finders[] = {THE_MAIN_THREAD, A_HELPER};
  for (size_t d = 0; d < DRAWING_DISPATCHERS; d++) {
    for (size_t f = 0; f < LENGTH(finders); f++) {
      for (int threads = 2; threads <= 3; threads++) {
        struct way by_tens = {dispatchers[d], "dynamic", 10, "natural"};
        set_items(10000000);
        probe.item_seconds = 10e-6;
        happening.finder = finders[f];
        happening.from = f * 1000;
        struct outcome_of_run run = run_crew(&by_tens, threads);
        assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == 0 &&
                            run.report.stopped_early && run.report.items < probe.items / 2 &&
                            run.report.stop_seconds <= run.seconds &&
                            run.report.wasted < probe.items);
        tally_free(&run.tally);
      }
    }
  }
}

/* By scattering everyone has a part at once, and a find is in the first one. */
static void a_find_stops_scattered_parts(void **state) {
  (void)state;
  set_items(10000000);
  probe.item_seconds = 10e-6;
  probe.find_at = 100;
  struct outcome_of_run run = run_crew(&by_scatter, 3);
  assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == 0 &&
                      run.report.items < probe.items / 2);
  tally_free(&run.tally);
}

static void a_bound_drops_only_what_is_above(void **state) {
  (void)state;
  static const uint64_t bounds[] = {0, 1, 12345, 59999};
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    bool scatters = strcmp(dispatchers[d], "scatter") == 0;
    struct way shrinking = {dispatchers[d], scatters ? "static" : "guided", 0, "natural"};
    for (size_t b = 0; b < LENGTH(bounds); b++) {
      set_items(60000);
      probe.bound_at = bounds[b];
      struct outcome_of_run run = run_crew(&shrinking, b % 2 == 0 ? 2 : 8);
      assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == bounds[b] &&
                          run.tally.sums[0] >= bounds[b] && run.tally.minima[0] == 0);
      /* Everything below the bound was done: in natural order, nothing else has these sums. */
      assert_on_all_ranks(run.report.stopped_early && run.report.items >= bounds[b]);
      tally_free(&run.tally);
    }
  }
}

/* Three workers of rank 0. When all have begun the first finds item 1; then the third the first
   item of its part; and the second, busy until then, hears only now. The limit has not risen. */
static const uint64_t SHARE = 2500000;
static atomic_int steps;

static void wait_for_step(int step) {
  double patience = clock_seconds() + 60;
  while (atomic_load(&steps) < step && clock_seconds() < patience) {
    sched_yield();
  }
  struct timespec pause = {.tv_nsec = 3000000}; /* time to tell */
  nanosleep(&pause, NULL);
}

static enum status three_finds_run(const struct job *job, struct range range, struct tally *tally,
                                   struct fault *fault) {
  enum { BEGUN = 2, FIRST_FIND, SECOND_FIND };
  bool is_first = range.lo <= 1 && 1 < range.hi;
  bool is_second = range.lo == SHARE;
  bool is_third = range.lo == 2 * SHARE;
  atomic_fetch_add(&steps, is_second || is_third);
  if (is_first || is_second || is_third) {
    wait_for_step(is_first ? BEGUN : is_third ? FIRST_FIND : SECOND_FIND);
  }
  enum status status = crew_run(job, range, tally, fault);
  tally->limit = is_first ? 1 : is_third ? 2 * SHARE : tally->limit;
  atomic_fetch_add(&steps, is_first || is_third);
  return status;
}

static void a_limit_never_rises(void **state) {
  (void)state;
  static const struct workload three_finds = {.name = "three finds",
                                              .items = probe_items,
                                              .grain = probe_grain,
                                              .shape = probe_shape,
                                              .run = three_finds_run};
  enum { THREADS = 3 };
  set_items(SHARE * THREADS * (uint64_t)test_team.size);
  probe.item_seconds = 10e-6;
  atomic_store(&steps, 0);
  struct outcome_of_run run = run_workload_by_crew(&by_scatter, THREADS, &three_finds);
  assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == 1 && run.report.items < SHARE);
  tally_free(&run.tally);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_find_stops_everyone),
      cmocka_unit_test(a_find_stops_scattered_parts),
      cmocka_unit_test(a_bound_drops_only_what_is_above),
      cmocka_unit_test(a_limit_never_rises),
  };
  RUN_ON_ALL_RANKS(tests);
}
