/* The timelines of a run: every rank's work is on them, and nothing else. */
#include "mpi/pool_probe.h"

#include <math.h>
#include <stdlib.h>

struct timed_run {
  struct outcome_of_run run;
  struct rank_share *shares;  /* rank 0 */
  struct timeline *timelines; /* rank 0 */
};

static struct timed_run run_timed(int threads) {
  struct timed_run timed = {0};
  size_t ranks = (size_t)test_team.size;
  struct pool pool = make_pool(dispatcher_find(way->dispatch));
  pool.threads = threads;
  pool.tells_shares = true;
  pool.keeps_timelines = true;
  pool.shares = timed.shares = calloc(ranks, sizeof *timed.shares);
  pool.timelines = timed.timelines = calloc(ranks, sizeof *timed.timelines);
  timed.run = run_by(&pool);
  return timed;
}

static void free_timed(struct timed_run *timed) {
  tally_free(&timed->run.tally);
  free(timed->shares);
  free(timed->timelines);
}

static double sum(const double *seconds) {
  double total = 0;
  for (size_t i = 0; i < TIMELINE_STRETCHES; i++) {
    total += seconds[i];
  }
  return total;
}

static bool is_near(double value, double expected, double margin) {
  return fabs(value - expected) <= margin;
}

/* No stretch holds more than its threads could do in it. */
static bool has_room(const struct timeline *timeline, int threads) {
  for (size_t i = 0; i < TIMELINE_STRETCHES; i++) {
    double most = threads * timeline_length(timeline, i) * 1.001 + 1e-9;
    if (timeline->busy[i] > most || timeline->core[i] > timeline->busy[i] + 1e-9) {
      return false;
    }
  }
  return true;
}

/* As many seconds as the ranks count by other means, and of the processor at least those that were
   burnt. */
static bool is_complete(const struct timed_run *timed, int threads) {
  for (int rank = 0; rank < test_team.size; rank++) {
    const struct timeline *timeline = &timed->timelines[rank];
    const struct rank_share *share = &timed->shares[rank];
    double core = sum(timeline->core);
    if (!is_near(sum(timeline->busy), share->busy, 0.02 * share->busy + 2e-4 * threads) ||
        core > share->core * (1 + 1e-9) ||
        core < 0.99 * (double)share->items * probe.item_seconds ||
        timeline->stretch != timed->timelines[0].stretch ||
        timeline->seconds != timed->timelines[0].seconds || !has_room(timeline, threads)) {
      return false;
    }
  }
  return timed->timelines[0].seconds >= timed->run.report.seconds - 1e-9;
}

/* No more of the processor than was burnt, where nothing disturbed the ranks. */
static bool is_exact(const struct timed_run *timed, int threads) {
  double all = 0;
  for (int rank = 0; rank < test_team.size; rank++) {
    double core = sum(timed->timelines[rank].core);
    const struct rank_share *share = &timed->shares[rank];
    all += core;
    if (!is_near(core, share->core, 0.02 * share->busy + 2e-4 * threads)) {
      return false;
    }
  }
  return all <= 1.2 * (double)probe.items * probe.item_seconds;
}

/* By `way` and so many threads. A virtual machine that is stopped is charged with that time, so of
   several tries one has to be exact. */
static bool finds_all(uint64_t items, double seconds, int threads) {
  enum { WRONG, DISTURBED, EXACT, TRIES = 8 };
  int verdict = DISTURBED;
  for (int i = 0; i < TRIES && verdict == DISTURBED; i++) {
    probe = plain;
    probe.items = items;
    probe.item_seconds = seconds;
    struct timed_run timed = run_timed(threads);
    if (test_team.rank == 0) {
      bool complete = timed.run.status == STATUS_OK && is_complete(&timed, threads);
      verdict = !complete ? WRONG : is_exact(&timed, threads) ? EXACT : DISTURBED;
    }
    free_timed(&timed);
    MPI_Bcast(&verdict, 1, MPI_INT, 0, MPI_COMM_WORLD);
  }
  return verdict == EXACT;
}

static void all_work_is_on_them(void **state) {
  (void)state;
  bool good = true;
  pretend_one_node();
  FOR_TYPICAL_WAYS() {
    for (int threads = 1; threads <= 3; threads += 2) {
      good = finds_all(300, 1e-4, threads) && good;
    }
  }
  assert_on_all_ranks(good);
}

/* Long units: with threads a substitute works while the main thread manages. */
static void long_units_are_on_them(void **state) {
  (void)state;
  bool good = true;
  pretend_one_node();
  way = &typical_ways[2];
  for (int threads = 1; threads <= 2; threads++) {
    good = finds_all(8, 10e-3, threads) && good;
  }
  assert_on_all_ranks(good);
}

/* Who has nothing to do has an empty one, however long the others work. */
static void waiting_is_not_on_them(void **state) {
  (void)state;
  pretend_one_node();
  way = &by_scatter;
  probe = plain;
  probe.items = 1;
  probe.item_seconds = 30e-3;
  struct timed_run timed = run_timed(1);
  bool good = timed.run.status == STATUS_OK;
  int workers = 0;
  for (int rank = 0; test_team.rank == 0 && rank < test_team.size; rank++) {
    double core = sum(timed.timelines[rank].core);
    workers += core > 2e-3;
    good = good && (core > 25e-3 || core < 2e-3);
  }
  free_timed(&timed);
  assert_on_all_ranks(good && (test_team.rank > 0 || workers == 1));
}

/* A rank whose clock says that it began a second after all others. */
static void a_late_rank_is_late_on_them(void **state) {
  (void)state;
  bool last = test_team.rank == test_team.size - 1;
  pretend_one_node();
  way = &by_scatter;
  probe = plain;
  probe.items = (uint64_t)test_team.size;
  probe.item_seconds = 5e-3;
  job_team.clock_offset = last ? 100 : 0;
  struct timed_run timed = run_timed(1);
  job_team.clock_offset = 0;
  bool good = timed.run.status == STATUS_OK;
  for (int rank = 0; test_team.rank == 0 && rank < test_team.size; rank++) {
    const struct timeline *timeline = &timed.timelines[rank];
    bool late = test_team.size > 1 && rank == test_team.size - 1;
    size_t first = 0;
    while (first < TIMELINE_STRETCHES && timeline->busy[first] == 0) {
      first++;
    }
    double began = (double)first * timeline->stretch;
    good = good && sum(timeline->busy) > 4e-3 && (late ? began > 75 : began < 50) &&
           (test_team.size == 1 || timeline->seconds > 100);
  }
  free_timed(&timed);
  assert_on_all_ranks(good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_work_is_on_them),
      cmocka_unit_test(long_units_are_on_them),
      cmocka_unit_test(waiting_is_not_on_them),
      cmocka_unit_test(a_late_rank_is_late_on_them),
  };
  RUN_ON_ALL_RANKS(tests);
}
