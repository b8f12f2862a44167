/* Crews of threads: every item once, finds and failures by the main thread and by helpers, units
   too long for the main thread to work on; by every dispatcher and schedule. */
static int use_whole_team(void **state);
#define BEFORE_TESTS use_whole_team
#include "mpi/mpi_test.h"

#include "mpi/pretended_nodes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/clock.h"
#include "pool/crew.h"
#include "pool/pool.h"

/* Items are numbers. What happens at one of them is set here. */
enum who { ANYONE, THE_MAIN_THREAD, A_HELPER };

struct probe {
  uint64_t items, grain;
  double item_seconds; /* an item takes */
  uint64_t fail_at;    /* run fails on this item */
  uint64_t find_at;    /* the limit falls to 0 there */
  uint64_t bound_at;   /* the limit falls to this item there */

  /* Instead of a place: the first item from `from` on that this kind of thread does on the last
     rank. */
  enum who finder, failer;
  uint64_t from;
};

static struct probe probe;
static const struct probe plain = {
    .grain = 1, .fail_at = UINT64_MAX, .find_at = UINT64_MAX, .bound_at = UINT64_MAX};

static pthread_t main_thread;
static atomic_int calls_of_main, calls_of_helpers; /* on this rank */
static atomic_int inside, most_inside;             /* threads that were in run() at once */

static uint64_t probe_items(const struct job *job) {
  return ((const struct probe *)job->parameters)->items;
}

static uint64_t probe_grain(const struct job *job) {
  return ((const struct probe *)job->parameters)->grain;
}

static double probe_cost(const struct job *job, struct range range) {
  (void)job;
  return (double)range.hi * (double)range_length(range);
}

static struct tally_shape probe_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 2, .wide_sums = 1, .minima = 1};
}

static bool is_by(enum who who, uint64_t from, uint64_t item) {
  bool main_here = pthread_equal(pthread_self(), main_thread);
  return who != ANYONE && main_here == (who == THE_MAIN_THREAD) && item >= from &&
         test_team.rank == test_team.size - 1;
}

static void enter(void) {
  int now = atomic_fetch_add(&inside, 1) + 1;
  int most = atomic_load(&most_inside);
  while (now > most && !atomic_compare_exchange_weak(&most_inside, &most, now)) {
  }
  bool main_here = pthread_equal(pthread_self(), main_thread);
  atomic_fetch_add(main_here ? &calls_of_main : &calls_of_helpers, 1);
}

static enum status do_item(const struct probe *settings, uint64_t i, struct tally *tally,
                           struct fault *fault) {
  if (i == settings->fail_at || is_by(settings->failer, settings->from, i)) {
    return fault_set(fault, STATUS_FAILED, "item %d is bad", (int)i);
  }
  tally->sums[0]++;
  tally->sums[1] += i;
  tally->wide_sums[0] += ((uint128_t)1 << 100) + i;
  tally->minima[0] = i < tally->minima[0] ? i : tally->minima[0];
  if (i == settings->find_at || is_by(settings->finder, settings->from, i)) {
    tally->limit = 0;
  }
  if (i == settings->bound_at) {
    tally->limit = i < tally->limit ? i : tally->limit;
  }
  if (settings->item_seconds > 0) {
    double end = clock_thread_seconds() + settings->item_seconds;
    while (clock_thread_seconds() < end) {
    }
  }
  return STATUS_OK;
}

static enum status probe_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  enum status status = STATUS_OK;
  enter();
  for (uint64_t i = range.lo; i < range.hi && status == STATUS_OK; i++) {
    status = do_item(job->parameters, i, tally, fault);
  }
  atomic_fetch_sub(&inside, 1);
  return status;
}

static const struct workload probe_workload = {.name = "probe",
                                               .items = probe_items,
                                               .grain = probe_grain,
                                               .cost = probe_cost,
                                               .shape = probe_shape,
                                               .run = probe_run};

static const char *const dispatchers[] = {"node", "master", "rma", "scatter"};
static const char *const schedules[] = {"static",    "dynamic",   "guided",
                                        "trapezoid", "factoring", "adaptive"};
static const int crews[] = {1, 2, 3, 8};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static int use_whole_team(void **state) {
  (void)state;
  pretend_one_node();
  main_thread = pthread_self();
  return 0;
}

/* How a job is handed out, and what came of it. */
struct way {
  const char *dispatch, *schedule, *order;
  uint64_t chunk;
  int threads;
};

static struct tally tally;
static struct pool_report report;
static struct fault outcome;
static struct rank_share shares[64];

static enum status run(const struct way *way) {
  struct job job = {.parameters = &probe,
                    .workers = (uint64_t)test_team.size * (uint64_t)way->threads};
  struct pool pool = {.team = &job_team,
                      .dispatcher = dispatcher_find(way->dispatch),
                      .flag_kind = flag_kind_find("auto"),
                      .schedule = schedule_find(way->schedule),
                      .order = order_find(way->order),
                      .chunk = way->chunk,
                      .threads = way->threads,
                      .tells_shares = true,
                      .shares = shares};
  atomic_store(&calls_of_main, 0);
  atomic_store(&calls_of_helpers, 0);
  atomic_store(&most_inside, 0);
  outcome = (struct fault){.status = STATUS_OK};
  assert_on_all_ranks(tally_init(&tally, probe_shape(&job), &outcome) == STATUS_OK);
  return pool_run(&pool, &probe_workload, &job, &tally, &report, &outcome);
}

static bool has_every_item_once(uint64_t n) {
  uint128_t sum = n == 0 ? 0 : (uint128_t)n * (n - 1) / 2;
  return tally.sums[0] == n && tally.sums[1] == sum &&
         tally.wide_sums[0] == sum + ((uint128_t)n << 100) &&
         tally.minima[0] == (n == 0 ? UINT64_MAX : 0) && tally.limit == UINT64_MAX &&
         report.items == n && !report.stopped_early && report.busy_max >= report.busy_mean;
}

/* Of one rank after the other, on rank 0. */
static bool shares_add_up(void) {
  uint64_t items = 0;
  uint64_t chunks = 0;
  double busy = 0;
  for (int rank = 0; rank < test_team.size; rank++) {
    items += shares[rank].items;
    chunks += shares[rank].chunks;
    busy += shares[rank].busy;
  }
  return test_team.rank != 0 ||
         (items == report.items && chunks == report.chunks && busy >= report.busy_max);
}

static void check_way(const struct way *way) {
  static const struct { uint64_t items, grain; } sizes[] = {{0, 1}, {3, 1}, {1000, 1}, {50021, 64}};
  for (size_t i = 0; i < LENGTH(sizes); i++) {
    probe = plain;
    probe.items = sizes[i].items;
    probe.grain = sizes[i].grain;
    enum status status = run(way);
    if (status != STATUS_OK || !has_every_item_once(probe.items)) {
      print_message("%s %s %s %d, %d threads, %d items: %s\n", way->dispatch, way->schedule,
                    way->order, (int)way->chunk, way->threads, (int)probe.items, outcome.text);
    }
    assert_on_all_ranks(status == STATUS_OK && has_every_item_once(probe.items));
    assert_on_all_ranks(shares_add_up());
    assert_on_all_ranks(atomic_load(&most_inside) <= way->threads);
    tally_free(&tally);
  }
}

/* Every dispatcher with every schedule; scattering has but one. */
static void check_all_ways(int threads) {
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    bool scatters = strcmp(dispatchers[d], "scatter") == 0;
    for (size_t s = 0; s < (scatters ? 1 : LENGTH(schedules)); s++) {
      struct way way = {dispatchers[d], schedules[s], "natural", s % 2 == 0 ? 0 : s, threads};
      check_way(&way);
    }
    struct way shuffled = {dispatchers[d], scatters ? "static" : "factoring", "random", 0, threads};
    check_way(&shuffled);
    struct way descending = {dispatchers[d], scatters ? "static" : "dynamic", "descending",
                             scatters ? 0 : 7, threads};
    check_way(&descending);
  }
}

static void every_item_once(void **state) {
  (void)state;
  for (size_t c = 0; c < LENGTH(crews); c++) {
    bool crowded = test_team.size > 3; /* 64 threads on a core or two take their time */
    if (!crowded || crews[c] == 1 + test_team.size / 4) {
      check_all_ways(crews[c]);
    }
  }
}

static void every_item_once_across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    check_all_ways(3);
    end_pretending();
  }
}

/* Many chunks of one item: more than the ring has places, with the main thread working too. */
static void tiny_chunks(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    struct way way = {dispatchers[d], "dynamic", "natural", 1, 3};
    probe = plain;
    probe.items = 200003;
    assert_on_all_ranks(run(&way) == STATUS_OK && has_every_item_once(probe.items));
    assert_on_all_ranks(strcmp(dispatchers[d], "scatter") == 0 || report.chunks == probe.items);
    tally_free(&tally);
  }
}

/* The static schedule makes one chunk for every worker. */
static void schedules_count_workers(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    for (int threads = 1; threads <= 3; threads++) {
      struct way way = {dispatchers[d], "static", "natural", 0, threads};
      uint64_t workers = (uint64_t)test_team.size * (uint64_t)threads;
      probe = plain;
      probe.items = 1000 * workers;
      assert_on_all_ranks(run(&way) == STATUS_OK && has_every_item_once(probe.items) &&
                          report.chunks == workers);
      tally_free(&tally);
    }
  }
}

static void many_short_jobs(void **state) {
  (void)state;
  for (int i = 0; i < (test_team.size > 3 ? 60 : 300); i++) {
    struct way way = {dispatchers[i % 4], "dynamic", "natural", 1, 2 + i % 3};
    probe = plain;
    probe.items = (uint64_t)(i % 50);
    probe.find_at = i % 7 == 0 ? (uint64_t)(i % 11) : UINT64_MAX;
    assert_on_all_ranks(run(&way) == STATUS_OK &&
                        (probe.find_at < probe.items || has_every_item_once(probe.items)));
    tally_free(&tally);
  }
}

/* Units of 3 ms: the main thread stays out of them as soon as it knows, and no core is lost. */
static void long_units(void **state) {
  (void)state;
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    struct way way = {dispatchers[d], "dynamic", "natural", 1, 3};
    probe = plain;
    probe.items = 12 * (uint64_t)test_team.size;
    probe.item_seconds = 3e-3;
    assert_on_all_ranks(run(&way) == STATUS_OK && has_every_item_once(probe.items));
    assert_on_all_ranks(atomic_load(&calls_of_main) == 0 && atomic_load(&most_inside) <= 3);
    tally_free(&tally);
  }
}

static void long_units_across_nodes(void **state) {
  (void)state;
  if (test_team.size > 1) {
    pretend_nodes(test_team.size > 2 ? 2 : 1);
    long_units(state);
    end_pretending();
  }
}

/* The units grow from short to long and back while a chunk is worked on: the post changes hands,
   with what is left of it. */
static double changing_cost(uint64_t item) {
  return item >= 4000 && item < 4040 ? 3e-3 : 5e-6;
}

static enum status changing_run(const struct job *job, struct range range, struct tally *into,
                                struct fault *problem) {
  (void)job;
  enter();
  for (uint64_t i = range.lo; i < range.hi; i++) {
    struct probe one = plain;
    one.item_seconds = changing_cost(i);
    do_item(&one, i, into, problem);
  }
  atomic_fetch_sub(&inside, 1);
  return STATUS_OK;
}

static void units_that_change(void **state) {
  (void)state;
  static const struct workload changing = {.name = "changing",
                                           .items = probe_items,
                                           .grain = probe_grain,
                                           .shape = probe_shape,
                                           .run = changing_run};
  for (int threads = 2; threads <= 3; threads++) {
    struct job job = {.parameters = &probe,
                      .workers = (uint64_t)test_team.size * (uint64_t)threads};
    struct pool pool = {.team = &job_team,
                        .dispatcher = dispatcher_find("node"),
                        .flag_kind = flag_kind_find("auto"),
                        .schedule = schedule_find("factoring"),
                        .order = order_find("natural"),
                        .threads = threads};
    probe = plain;
    probe.items = 40000;
    assert_on_all_ranks(tally_init(&tally, probe_shape(&job), &outcome) == STATUS_OK);
    atomic_store(&calls_of_main, 0);
    atomic_store(&most_inside, 0);
    enum status status = pool_run(&pool, &changing, &job, &tally, &report, &outcome);
    assert_on_all_ranks(status == STATUS_OK && has_every_item_once(probe.items) &&
                        atomic_load(&most_inside) <= threads);
    int took_part = atomic_load(&calls_of_main) > 0;
    int ranks;
    MPI_Allreduce(&took_part, &ranks, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    assert_on_all_ranks(ranks > 0);
    tally_free(&tally);
  }
}

/* 40 s of work in all, of which a find by either kind of thread leaves most undone. */
static void a_find_stops_everyone(void **state) {
  (void)state;
  static const enum who finders[] = {THE_MAIN_THREAD, A_HELPER};
  for (size_t d = 0; d < 3; d++) {
    for (size_t f = 0; f < LENGTH(finders); f++) {
      for (int threads = 2; threads <= 3; threads++) {
        struct way way = {dispatchers[d], "dynamic", "natural", 10, threads};
        probe = plain;
        probe.items = 4000000;
        probe.item_seconds = 10e-6;
        probe.finder = finders[f];
        probe.from = f * 1000;
        double start = clock_seconds();
        enum status status = run(&way);
        assert_on_all_ranks(status == STATUS_OK && tally.limit == 0 && report.stopped_early &&
                            report.items < probe.items / 2 && report.stop_seconds < 5 &&
                            report.wasted < probe.items);
        assert_on_all_ranks(clock_seconds() - start < 20);
        tally_free(&tally);
      }
    }
  }
}

/* By scattering everyone has a part at once, and a find is in the first one. */
static void a_find_stops_scattered_parts(void **state) {
  (void)state;
  struct way way = {"scatter", "static", "natural", 0, 3};
  probe = plain;
  probe.items = 2000000;
  probe.item_seconds = 10e-6;
  probe.find_at = 100;
  assert_on_all_ranks(run(&way) == STATUS_OK && tally.limit == 0 && report.items < probe.items / 2);
  tally_free(&tally);
}

static void a_bound_drops_only_what_is_above(void **state) {
  (void)state;
  static const uint64_t bounds[] = {0, 1, 12345, 59999};
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    for (size_t b = 0; b < LENGTH(bounds); b++) {
      struct way way = {dispatchers[d], "guided", "natural", 0, b % 2 == 0 ? 2 : 8};
      way.schedule = strcmp(way.dispatch, "scatter") == 0 ? "static" : "guided";
      probe = plain;
      probe.items = 60000;
      probe.bound_at = bounds[b];
      assert_on_all_ranks(run(&way) == STATUS_OK && tally.limit == bounds[b] &&
                          tally.sums[0] >= bounds[b] && tally.minima[0] == 0);
      /* Everything below the bound was done: in natural order, nothing else has these sums. */
      assert_on_all_ranks(report.stopped_early && report.items >= bounds[b]);
      tally_free(&tally);
    }
  }
}

/* Three workers of rank 0. When all have begun the first finds item 1; then the third the first
   item of its part; and the second, busy until then, hears only now. The limit has not risen. */
static const uint64_t SHARE = 200000;
static atomic_int steps;

static void wait_for_step(int step) {
  double patience = clock_seconds() + 5;
  while (atomic_load(&steps) < step && clock_seconds() < patience) {
  }
  struct timespec pause = {.tv_nsec = 3000000}; /* time to tell */
  nanosleep(&pause, NULL);
}

static enum status three_finds_run(const struct job *job, struct range range, struct tally *into,
                                   struct fault *problem) {
  enum { BEGUN = 2, FIRST_FIND, SECOND_FIND };
  bool is_first = range.lo <= 1 && 1 < range.hi;
  bool is_second = range.lo == SHARE;
  bool is_third = range.lo == 2 * SHARE;
  atomic_fetch_add(&steps, is_second || is_third);
  if (is_first || is_second || is_third) {
    wait_for_step(is_first ? BEGUN : is_third ? FIRST_FIND : SECOND_FIND);
  }
  enum status status = probe_run(job, range, into, problem);
  into->limit = is_first ? 1 : is_third ? 2 * SHARE : into->limit;
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
  struct pool pool = {.team = &job_team,
                      .dispatcher = dispatcher_find("scatter"),
                      .flag_kind = flag_kind_find("auto"),
                      .schedule = schedule_find("static"),
                      .order = order_find("natural"),
                      .threads = 3};
  struct job job = {.parameters = &probe, .workers = 3 * (uint64_t)test_team.size};
  probe = plain;
  probe.items = SHARE * job.workers;
  probe.item_seconds = 10e-6;
  atomic_store(&steps, 0);
  assert_on_all_ranks(tally_init(&tally, probe_shape(&job), &outcome) == STATUS_OK);
  enum status status = pool_run(&pool, &three_finds, &job, &tally, &report, &outcome);
  assert_on_all_ranks(status == STATUS_OK && tally.limit == 1 && report.items < SHARE);
  tally_free(&tally);
}

static bool names_thread_and_items(void) {
  bool named = strstr(outcome.text, "thread ") != NULL && strstr(outcome.text, "items [") != NULL &&
               strstr(outcome.text, "is bad") != NULL;
  return named && (test_team.size == 1 || strncmp(outcome.text, "rank ", 5) == 0 ||
                   strncmp(outcome.text, "thread ", 7) == 0);
}

static void a_failure_ends_the_job(void **state) {
  (void)state;
  static const uint64_t places[] = {0, 500, 999};
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    for (size_t p = 0; p < LENGTH(places); p++) {
      bool scatters = strcmp(dispatchers[d], "scatter") == 0;
      struct way way = {dispatchers[d], scatters ? "static" : "dynamic", "natural", 0, 3};
      probe = plain;
      probe.items = 1000;
      probe.fail_at = places[p];
      assert_on_all_ranks(run(&way) == STATUS_FAILED && names_thread_and_items());
      tally_free(&tally);
    }
  }
}

static void a_failure_of_either_kind_of_thread(void **state) {
  (void)state;
  static const enum who failers[] = {THE_MAIN_THREAD, A_HELPER};
  for (size_t d = 0; d < 3; d++) {
    for (size_t f = 0; f < LENGTH(failers); f++) {
      struct way way = {dispatchers[d], "factoring", "natural", 0, 2};
      probe = plain;
      probe.items = 4000000;
      probe.item_seconds = 10e-6;
      probe.failer = failers[f];
      probe.from = 2000;
      double start = clock_seconds();
      assert_on_all_ranks(run(&way) == STATUS_FAILED && names_thread_and_items());
      assert_on_all_ranks(strncmp(outcome.text, "rank ", 5) == 0 || test_team.size == 1);
      assert_on_all_ranks(clock_seconds() - start < 20);
      tally_free(&tally);
    }
  }
}

/* One rank may have no more memory for threads' stacks: all ranks hear of it, and go on. */
static void a_thread_that_cannot_be_started(void **state) {
  (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip(); /* sanitizers need all of the address space */
#endif
  struct way way = {"node", "dynamic", "natural", 1, CREW_MOST};
  struct rlimit before;
  getrlimit(RLIMIT_AS, &before);
  if (test_team.rank == test_team.size - 1) {
    struct rlimit tight = before;
    tight.rlim_cur = (rlim_t)2 << 30;
    setrlimit(RLIMIT_AS, &tight);
  } else {
    way.threads = 2;
  }
  probe = plain;
  probe.items = 1000;
  enum status status = run(&way);
  setrlimit(RLIMIT_AS, &before);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(outcome.text, "cannot be started") != NULL);
  tally_free(&tally);
  way.threads = 2;
  assert_on_all_ranks(run(&way) == STATUS_OK && has_every_item_once(probe.items));
  tally_free(&tally);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_once),
      cmocka_unit_test(every_item_once_across_nodes),
      cmocka_unit_test(tiny_chunks),
      cmocka_unit_test(schedules_count_workers),
      cmocka_unit_test(many_short_jobs),
      cmocka_unit_test(long_units),
      cmocka_unit_test(long_units_across_nodes),
      cmocka_unit_test(units_that_change),
      cmocka_unit_test(a_find_stops_everyone),
      cmocka_unit_test(a_find_stops_scattered_parts),
      cmocka_unit_test(a_bound_drops_only_what_is_above),
      cmocka_unit_test(a_limit_never_rises),
      cmocka_unit_test(a_failure_ends_the_job),
      cmocka_unit_test(a_failure_of_either_kind_of_thread),
      cmocka_unit_test(a_thread_that_cannot_be_started),
  };
  RUN_ON_ALL_RANKS(tests);
}
