/* For tests of crews of threads: the probe of pool_probe.h done by a crew on every rank, with finds
   and failures by a kind of thread, and counts of the threads that took part. */
#pragma once

#include "mpi/pool_probe.h"

#include <pthread.h>

static const char *const dispatchers[] = {"node", "master", "rma", "scatter"};

/* Those that hand out while they work: scattering gives everybody a part at once. */
enum { DRAWING_DISPATCHERS = 3 };

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Instead of at a place: at the first item from `from` on that this kind of thread does on the last
   rank. */
enum who { ANYONE, THE_MAIN_THREAD, A_HELPER };

struct happening {
  enum who finder, failer;
  uint64_t from;
};

static struct happening happening;

static pthread_t main_thread;
static atomic_int calls_of_main, calls_of_helpers; /* on this rank */
static atomic_int inside, most_inside;             /* threads that were in run() at once */
static _Atomic uint64_t items_handed;              /* to run() on this rank */

static struct rank_share shares[64];

/* Before settings of a test's own. */
static inline void set_items(uint64_t items) {
  probe = plain;
  probe.items = items;
  happening = (struct happening){.finder = ANYONE, .failer = ANYONE};
}

static inline void enter(void) {
  int now = atomic_fetch_add(&inside, 1) + 1;
  int most = atomic_load(&most_inside);
  while (now > most && !atomic_compare_exchange_weak(&most_inside, &most, now)) {
  }
  bool main_here = pthread_equal(pthread_self(), main_thread);
  atomic_fetch_add(main_here ? &calls_of_main : &calls_of_helpers, 1);
}

static inline void leave(void) {
  atomic_fetch_sub(&inside, 1);
}

/* The item of the range at which it happens here and now, or else the place that was set. */
static inline uint64_t place(enum who who, struct range range, uint64_t set) {
  bool main_here = pthread_equal(pthread_self(), main_thread);
  bool is_here = who != ANYONE && main_here == (who == THE_MAIN_THREAD) &&
                 test_team.rank == test_team.size - 1 && range.hi > happening.from;
  return !is_here ? set : range.lo > happening.from ? range.lo : happening.from;
}

static inline enum status crew_run(const struct job *job, struct range range, struct tally *tally,
                                   struct fault *fault) {
  struct probe here = *(const struct probe *)job->parameters;
  here.find_at = place(happening.finder, range, here.find_at);
  here.fail_at = place(happening.failer, range, here.fail_at);
  struct job part = *job;
  part.parameters = &here;
  enter();
  atomic_fetch_add(&items_handed, range_length(range));
  enum status status = probe_run(&part, range, tally, fault);
  leave();
  return status;
}

static const struct workload crew_workload = {.name = "crew",
                                              .items = probe_items,
                                              .grain = probe_grain,
                                              .cost = probe_cost,
                                              .shape = probe_shape,
                                              .run = crew_run};

/* Collective. Do the probe's job, or that of a workload with its parameters, by a crew. */
static inline struct outcome_of_run run_workload_by_crew(const struct way *how, int threads,
                                                         const struct workload *workload) {
  way = how;
  struct pool pool = make_pool(dispatcher_find(how->dispatch));
  pool.threads = threads;
  pool.tells_shares = true;
  pool.shares = shares;
  main_thread = pthread_self();
  atomic_store(&calls_of_main, 0);
  atomic_store(&calls_of_helpers, 0);
  atomic_store(&most_inside, 0);
  atomic_store(&items_handed, 0);
  return run_workload_by(&pool, workload);
}

static inline struct outcome_of_run run_crew(const struct way *how, int threads) {
  return run_workload_by_crew(how, threads, &crew_workload);
}

/* All that was set, by an outcome that says so. */
static inline bool did_everything(const struct outcome_of_run *run) {
  return run->status == STATUS_OK && has_each_item_once(&run->tally, probe.items) &&
         run->report.items == probe.items && !run->report.stopped_early &&
         run->report.busy_max >= run->report.busy_mean &&
         run->report.core_mean <= 1.000001 * run->report.busy_mean;
}
