/* The pool's early exit: a find stops everyone or drops what is above it, and what was done in vain
   is told. */
#include "mpi/pool_probe.h"

#include "mpi/shared_window.h"

enum { GRAIN = 10 };

/* In calls of 1 ms a minute's work for every rank, of which a find leaves nearly all undone. */
static uint64_t many(void) {
  return UINT64_C(600000) * (uint64_t)test_team.size;
}

static void check_that_a_find_stops_all(uint64_t find_at) {
  probe = plain;
  probe.items = many();
  probe.grain = GRAIN;
  probe.slow = true;
  probe.find_at = find_at;
  struct outcome_of_run run = run_probe();
  assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == 0 && run.report.stopped_early &&
                      run.report.items < probe.items / 4);
  tally_free(&run.tally);
}

static void a_find_stops_everyone(void **state) {
  (void)state;
  way = &by_scatter;
  for (int finder = 0; finder < test_team.size; finder++) {
    /* The find comes in the finder's first slice. */
    check_that_a_find_stops_all(
        range_share(many(), GRAIN, (uint64_t)finder, (uint64_t)test_team.size).lo);
  }
}

/* By the other dispatchers the find comes with the first chunk. */
static void a_find_stops_every_dispatcher(void **state) {
  (void)state;
  FOR_EACH_PAIR() {
    check_that_a_find_stops_all(5);
  }
}

static void a_bound_drops_only_what_is_above(void **state) {
  (void)state;
  static const uint64_t bounds[] = {0, 1, 12345, 59999};
  FOR_EACH_PAIR() {
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
      probe = plain;
      probe.items = 60000;
      probe.bound_at = bounds[i];
      struct outcome_of_run run = run_probe();
      /* Everything below the bound was done. */
      assert_on_all_ranks(run.status == STATUS_OK && run.tally.limit == bounds[i] &&
                          run.tally.sums[0] >= bounds[i] && run.tally.sums[0] <= 60000 &&
                          run.report.items == run.tally.sums[0] && run.tally.minima[0] == 0);
      tally_free(&run.tally);
    }
  }
}

/* A flag that nobody hears, and that marks for all ranks of the node when it was lowered. */
static _Atomic int *find_is_told;

static enum status deaf_open(struct team *team, const struct flag_settings *settings, void **flag,
                             struct fault *fault) {
  (void)team, (void)settings, (void)fault;
  static uint64_t limit;
  limit = UINT64_MAX;
  *flag = &limit;
  return STATUS_OK;
}

static void deaf_lower(void *flag, uint64_t limit) {
  *(uint64_t *)flag = limit;
  *find_is_told = 1;
}

static uint64_t deaf_poll(void *flag) {
  return *(uint64_t *)flag;
}

static void deaf_close(void *flag, struct fault *fault) {
  (void)flag, (void)fault;
}

static const struct flag_kind deaf_flag = {
    .name = "deaf", .open = deaf_open, .lower = deaf_lower, .poll = deaf_poll, .close = deaf_close};

/* Only the finder works before the find. */
static void wait_for_the_find(struct range range) {
  if (probe.find_at < range.lo || probe.find_at >= range.hi) {
    for (int looks = 0; *find_is_told == 0 && looks < 20000; looks++) {
      pause_for(1e-4);
    }
  }
}

/* So all that others do is in vain, and some of it is told: by each rank's own speed, less the time
   before the find. */
static bool tells_of_work_in_vain(void) {
  MPI_Barrier(MPI_COMM_WORLD);
  *find_is_told = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  probe = plain;
  probe.items = 100 * (uint64_t)test_team.size;
  probe.slow = true;
  probe.find_at = 0;
  probe.before = wait_for_the_find;
  struct pool pool = make_pool(dispatcher_find(way->dispatch));
  pool.flag_kind = &deaf_flag;
  struct outcome_of_run run = run_by(&pool);
  /* The finder's own chunk is cut short at its first item. */
  double others = (double)run.report.items - 1;
  assert_on_all_ranks(run.status == STATUS_OK && run.report.stopped_early);
  assert_on_all_ranks((double)run.report.wasted <= others + 1);
  assert_on_all_ranks((test_team.size == 1) == (others == 0));
  assert_on_all_ranks(run.report.stop_seconds > 0 && run.report.stop_seconds <= run.seconds);
  tally_free(&run.tally);
  return (double)run.report.wasted >= 0.05 * others; /* the same on all ranks */
}

/* A rank that was stopped just after the find seems slow. */
static void work_in_vain_is_told(void **state) {
  (void)state;
  enum { TRIES = 5 };
  MPI_Win window;
  find_is_told = shared_window_allocate(test_team.node, sizeof *find_is_told, &window);
  FOR_TYPICAL_WAYS() {
    bool told = false;
    for (int i = 0; i < TRIES && !told; i++) {
      told = tells_of_work_in_vain();
    }
    assert_on_all_ranks(told);
  }
  shared_window_free(&window);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_find_stops_everyone),
      cmocka_unit_test(a_find_stops_every_dispatcher),
      cmocka_unit_test(a_bound_drops_only_what_is_above),
      cmocka_unit_test(work_in_vain_is_told),
  };
  RUN_ON_ALL_RANKS(tests);
}
