/* For tests of the pool: a workload whose items are numbers and whose finds and failures are set by
   the test, every way of handing out, and teams on one node or on pretended ones. */
#pragma once

static int use_whole_team(void **state);
#define BEFORE_TESTS use_whole_team
#include "mpi/mpi_test.h"

#include <stdatomic.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/pretended_nodes.h"
#include "mpi/wait.h"
#include "pool/pool.h"

struct probe {
  uint64_t items, grain;
  uint64_t fail_at;    /* run fails on this item; UINT64_MAX: never */
  uint64_t find_at;    /* the limit falls to 0 at this item */
  uint64_t bound_at;   /* the limit falls to this item, there */
  bool slow;           /* a call takes a millisecond */
  double item_seconds; /* an item takes of a core */

  /* Called with the range at the beginning of run(), on the rank that does it; NULL: nothing. */
  void (*before)(struct range range);
};

static struct probe probe;
static atomic_bool probe_failed_here; /* this rank had the item that failed */

static const struct probe plain = {
    .grain = 1, .fail_at = UINT64_MAX, .find_at = UINT64_MAX, .bound_at = UINT64_MAX};

static uint64_t probe_items(const struct job *job) {
  return ((const struct probe *)job->parameters)->items;
}

static uint64_t probe_grain(const struct job *job) {
  return ((const struct probe *)job->parameters)->grain;
}

/* For the order that asks: later items cost more. */
static double probe_cost(const struct job *job, struct range range) {
  (void)job;
  return (double)range.hi * (double)range_length(range);
}

static struct tally_shape probe_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 2, .wide_sums = 1, .minima = 1};
}

static inline void pause_for(double seconds) {
  struct waiter waiter = {.pause = seconds, .longest = seconds, .looks = 100};
  waiter_pause(&waiter);
}

static inline void burn(double seconds) {
  double end = clock_thread_seconds() + seconds;
  while (clock_thread_seconds() < end) {
  }
}

static enum status probe_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  const struct probe *settings = job->parameters;
  if (settings->before != NULL) {
    settings->before(range);
  }
  for (uint64_t i = range.lo; i < range.hi; i++) {
    if (i == settings->fail_at) {
      probe_failed_here = true;
      return fault_set(fault, STATUS_FAILED, "item %d is bad", (int)i);
    }
    tally->sums[0]++;
    tally->sums[1] += i;
    tally->wide_sums[0] += ((uint128_t)1 << 100) + i; /* 128 bits, with carries between halves */
    tally->wide_sums[0] += UINT64_MAX;
    tally->minima[0] = i < tally->minima[0] ? i : tally->minima[0];
    if (i == settings->find_at) {
      tally->limit = 0;
    }
    if (i == settings->bound_at) {
      tally->limit = i < tally->limit ? i : tally->limit;
    }
    if (settings->item_seconds > 0) {
      burn(settings->item_seconds);
    }
  }
  if (settings->slow) {
    pause_for(1e-3);
  }
  return STATUS_OK;
}

static const struct workload probe_workload = {.name = "probe",
                                               .items = probe_items,
                                               .grain = probe_grain,
                                               .cost = probe_cost,
                                               .shape = probe_shape,
                                               .run = probe_run};

struct way {
  const char *dispatch, *schedule;
  uint64_t chunk;
  const char *order;
};

/* Every dispatcher with every schedule and every order, by the schedule's own chunks and by chunks
   of three. */
#define WAYS_OF(dispatcher, schedule)                                                              \
  {#dispatcher, #schedule, 0, "natural"}, {#dispatcher, #schedule, 3, "natural"},                  \
      {#dispatcher, #schedule, 0, "random"}, {#dispatcher, #schedule, 3, "descending"},
#define WAYS_BY(dispatcher)                                                                        \
  WAYS_OF(dispatcher, static)                                                                      \
  WAYS_OF(dispatcher, dynamic)                                                                     \
  WAYS_OF(dispatcher, guided)                                                                      \
  WAYS_OF(dispatcher, trapezoid) WAYS_OF(dispatcher, factoring) WAYS_OF(dispatcher, adaptive)
static const struct way all_ways[] = {DISPATCHERS(WAYS_BY)};
static const struct way *way = all_ways;

enum { WAYS = sizeof all_ways / sizeof all_ways[0], WAYS_OF_A_PAIR = 4 };

/* From `first` on, the next one that differs in what it does: scattering has a schedule of its own.
   NULL after the last. */
static inline const struct way *way_from(size_t first, size_t step) {
  for (size_t i = first; i < WAYS; i += step) {
    if (strcmp(all_ways[i].dispatch, "scatter") != 0 ||
        strcmp(all_ways[i].schedule, "static") == 0) {
      return &all_ways[i];
    }
  }
  return NULL;
}

/* Every way, or every pair of dispatcher and schedule, in natural order. */
#define FOR_WAYS_IN_STEPS(step)                                                                    \
  for (way = way_from(0, step); way != NULL;                                                       \
       way = way_from((size_t)(way - all_ways) + (step), step))
#define FOR_EACH_WAY() FOR_WAYS_IN_STEPS(1)
#define FOR_EACH_PAIR() FOR_WAYS_IN_STEPS(WAYS_OF_A_PAIR)

/* Some for each dispatcher, with the schedules that make most use of it. */
static const struct way typical_ways[] = {
    {"scatter", "static", 0, "natural"}, {"node", "factoring", 0, "natural"},
    {"node", "dynamic", 1, "natural"},   {"node", "static", 7, "natural"},
    {"master", "guided", 0, "natural"},  {"master", "dynamic", 3, "natural"},
    {"rma", "dynamic", 1, "natural"},    {"rma", "factoring", 0, "natural"},
};

#define FOR_TYPICAL_WAYS()                                                                         \
  for (way = typical_ways; way < typical_ways + sizeof typical_ways / sizeof typical_ways[0]; way++)

static const struct way by_scatter = {"scatter", "static", 0,
                                      "natural"}; /* who has which item is known */

static int use_whole_team(void **state) {
  (void)state;
  pretend_one_node();
  return 0;
}

static inline struct pool make_pool(const struct dispatcher *dispatcher) {
  return (struct pool){.team = &job_team,
                       .dispatcher = dispatcher,
                       .flag_kind = flag_kind_find("auto"),
                       .schedule = schedule_find(way->schedule),
                       .order = order_find(way->order),
                       .chunk = way->chunk};
}

/* What a run gave. */
struct outcome_of_run {
  enum status status;
  struct fault fault;
  struct pool_report report;
  struct tally tally; /* to be freed */
  double seconds;     /* of the whole call on this rank */
  double processor;   /* seconds that it took of a core */
};

/* Collective. Do the job of a workload whose parameters are the probe's, by `pool`. */
static inline struct outcome_of_run run_workload_by(const struct pool *pool,
                                                    const struct workload *workload) {
  struct outcome_of_run run = {.fault = {.status = STATUS_OK}};
  int threads = pool->threads == 0 ? 1 : pool->threads;
  struct job job = {.parameters = &probe, .workers = (uint64_t)test_team.size * (uint64_t)threads};
  probe_failed_here = false;
  assert_on_all_ranks(tally_init(&run.tally, probe_shape(&job), &run.fault) == STATUS_OK);
  double start = MPI_Wtime();
  double processor = clock_thread_seconds();
  run.status = pool_run(pool, workload, &job, &run.tally, &run.report, &run.fault);
  run.seconds = MPI_Wtime() - start;
  run.processor = clock_thread_seconds() - processor;
  return run;
}

/* Collective. Do the probe's job by `pool`. */
static inline struct outcome_of_run run_by(const struct pool *pool) {
  return run_workload_by(pool, &probe_workload);
}

/* Collective. Do the probe's job by `way`. */
static inline struct outcome_of_run run_probe(void) {
  struct pool pool = make_pool(dispatcher_find(way->dispatch));
  return run_by(&pool);
}

/* Each of the items 0 ... n - 1 once: their number, their sum, and no other limit than none. */
static inline bool has_each_item_once(const struct tally *tally, uint64_t n) {
  uint128_t sum = n == 0 ? 0 : (uint128_t)n * (n - 1) / 2;
  uint128_t wide = sum + (uint128_t)n * (((uint128_t)1 << 100) + UINT64_MAX);
  return tally->sums[0] == n && tally->sums[1] == sum && tally->wide_sums[0] == wide &&
         tally->minima[0] == (n == 0 ? UINT64_MAX : 0) && tally->limit == UINT64_MAX;
}
