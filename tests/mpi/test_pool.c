/* The pool: every item once, exact sums, early exit, and failures that end the job on all ranks. */
static int use_whole_team(void **state);
#define BEFORE_TESTS use_whole_team
#include "mpi/mpi_test.h"

#include <string.h>

#include "mpi/wait.h"
#include "pool/pool.h"

/* A workload of the test's own. Items are numbers; what happens at one of them is set here. */
struct probe {
  uint64_t items, grain;
  uint64_t fail_at;  /* run fails on this item; UINT64_MAX: never */
  uint64_t find_at;  /* the limit falls to 0 at this item */
  uint64_t bound_at; /* the limit falls to this item, there */
  bool slow;         /* a slice takes its time */
};

static struct probe probe;

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

static enum status probe_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  const struct probe *settings = job->parameters;
  for (uint64_t i = range.lo; i < range.hi; i++) {
    if (i == settings->fail_at) {
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
  }
  if (settings->slow) {
    struct waiter waiter = {.pause = 1e-3, .longest = 1e-3, .looks = 100};
    waiter_pause(&waiter);
  }
  return STATUS_OK;
}

static const struct workload probe_workload = {.name = "probe",
                                               .items = probe_items,
                                               .grain = probe_grain,
                                               .cost = probe_cost,
                                               .shape = probe_shape,
                                               .run = probe_run};

static const struct probe plain = {
    .grain = 1, .fail_at = UINT64_MAX, .find_at = UINT64_MAX, .bound_at = UINT64_MAX};

/* Every test is made with each of these. */
static const struct way {
  const char *dispatch, *schedule;
  uint64_t chunk;
  const char *order;
} ways[] = {
    {"scatter", "static", 0, "natural"},  {"node", "factoring", 0, "natural"},
    {"node", "dynamic", 1, "natural"},    {"node", "static", 0, "natural"},
    {"node", "guided", 7, "natural"},     {"node", "trapezoid", 0, "natural"},
    {"node", "adaptive", 0, "natural"},   {"master", "factoring", 0, "natural"},
    {"master", "dynamic", 3, "natural"},  {"master", "static", 0, "natural"},
    {"master", "guided", 0, "natural"},   {"master", "trapezoid", 0, "natural"},
    {"master", "adaptive", 0, "natural"}, {"node", "factoring", 0, "random"},
    {"node", "dynamic", 7, "descending"}, {"master", "factoring", 5, "random"},
    {"scatter", "static", 0, "random"},
};
static const struct way *way = ways;

#define FOR_EACH_WAY() for (way = ways; way < ways + sizeof ways / sizeof ways[0]; way++)

/* The team that jobs run on: all ranks on one node, or, to test what crosses nodes, pretended ones.
 */
static struct team job_team;

static int use_whole_team(void **state) {
  (void)state;
  job_team = test_team;
  return 0;
}

static void pretend_nodes(int ranks_each) {
  MPI_Comm node;
  job_team = test_team;
  MPI_Comm_split(test_team.comm, test_team.rank / ranks_each, test_team.rank, &node);
  team_set_nodes(&job_team, node);
}

static void end_pretending(void) {
  team_free_nodes(&job_team);
  job_team = test_team;
}

static struct pool make_pool(const struct dispatcher *dispatcher) {
  return (struct pool){.team = &job_team,
                       .dispatcher = dispatcher,
                       .flag_kind = flag_kind_find("auto"),
                       .schedule = schedule_find(way->schedule),
                       .order = order_find(way->order),
                       .chunk = way->chunk};
}

static enum status run(struct tally *tally, struct pool_report *report, struct fault *fault) {
  struct job job = {.parameters = &probe, .workers = (uint64_t)test_team.size};
  struct pool pool = make_pool(dispatcher_find(way->dispatch));
  assert_on_all_ranks(tally_init(tally, probe_shape(&job), fault) == STATUS_OK);
  return pool_run(&pool, &probe_workload, &job, tally, report, fault);
}

static void check_every_item(void) {
  static const uint64_t items[] = {0, 1, 2, 3, 7, 31, 1000, 100003};
  static const uint64_t grains[] = {1, 2, 64, 5000};
  for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
    for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++) {
      uint64_t n = items[i];
      struct tally tally;
      struct pool_report report;
      struct fault fault;
      probe = plain;
      probe.items = n;
      probe.grain = grains[g];
      enum status status = run(&tally, &report, &fault);
      uint128_t sum = n == 0 ? 0 : (uint128_t)n * (n - 1) / 2;
      uint128_t wide = sum + (uint128_t)n * (((uint128_t)1 << 100) + UINT64_MAX);
      assert_on_all_ranks(status == STATUS_OK && tally.sums[0] == n && tally.sums[1] == sum &&
                          tally.wide_sums[0] == wide &&
                          tally.minima[0] == (n == 0 ? UINT64_MAX : 0) &&
                          tally.limit == UINT64_MAX);
      assert_on_all_ranks(report.items == n && !report.stopped_early && report.seconds > 0 &&
                          report.busy_max >= report.busy_mean);
      tally_free(&tally);
    }
  }
}

static void every_item_once_and_exact(void **state) {
  (void)state;
  FOR_EACH_WAY() {
    print_message("%s %s %d\n", way->dispatch, way->schedule, (int)way->chunk);
    check_every_item();
  }
}

static void every_item_once_across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 3 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_EACH_WAY() {
      check_every_item();
    }
    end_pretending();
  }
}

/* Units of 2 ms: rank 0 only serves as soon as it knows, and nothing is left behind. */
static void long_items_across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_EACH_WAY() {
      struct tally tally;
      struct pool_report report;
      struct fault fault;
      probe = plain;
      probe.items = 41;
      probe.slow = true;
      enum status status = run(&tally, &report, &fault);
      assert_on_all_ranks(status == STATUS_OK && tally.sums[0] == 41 && report.items == 41);
      tally_free(&tally);
    }
    end_pretending();
  }
}

static void many_jobs_across_nodes(void **state) {
  (void)state;
  if (test_team.size > 1) {
    pretend_nodes((test_team.size + 1) / 2);
    way = &ways[2]; /* one item a draw */
    for (int i = 0; i < 200; i++) {
      struct tally tally;
      struct pool_report report;
      struct fault fault;
      probe = plain;
      probe.items = 997;
      probe.find_at = i % 3 == 0 ? (uint64_t)i : UINT64_MAX;
      enum status status = run(&tally, &report, &fault);
      assert_on_all_ranks(status == STATUS_OK && (i % 3 == 0 || tally.sums[1] == 997 * 996 / 2));
      tally_free(&tally);
    }
    end_pretending();
  }
}

static void a_find_stops_everyone(void **state) {
  (void)state;
  way = ways; /* scatter: who has which item is known */
  static const uint64_t places[] = {0, 1, 50000, 99999};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    struct tally tally;
    struct pool_report report;
    struct fault fault;
    probe = plain;
    probe.items = 100000;
    probe.grain = 10; /* 10,000 slices of 1 ms: far longer than the test may take */
    probe.slow = true;
    probe.find_at = places[i];
    /* The find comes in the finder's first slice. */
    struct range mine =
        range_share(probe.items, 10, (uint64_t)test_team.rank, (uint64_t)test_team.size);
    bool finder = mine.lo <= places[i] && places[i] < mine.hi;
    int rank = finder ? test_team.rank : -1;
    int finding_rank;
    MPI_Allreduce(&rank, &finding_rank, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    probe.find_at =
        range_share(probe.items, 10, (uint64_t)finding_rank, (uint64_t)test_team.size).lo;
    enum status status = run(&tally, &report, &fault);
    assert_on_all_ranks(status == STATUS_OK && tally.limit == 0 && report.stopped_early &&
                        report.items < probe.items && report.stop_seconds < 5);
    tally_free(&tally);
  }
}

/* By the other dispatchers the find comes with the first chunk. */
static void a_find_stops_every_dispatcher(void **state) {
  (void)state;
  FOR_EACH_WAY() {
    struct tally tally;
    struct pool_report report;
    struct fault fault;
    probe = plain;
    bool natural = strcmp(way->order, "natural") == 0; /* else it may come last */
    probe.items = natural ? 100000 : 1000;
    probe.grain = 10;
    probe.slow = true;
    probe.find_at = 5;
    enum status status = run(&tally, &report, &fault);
    assert_on_all_ranks(status == STATUS_OK && tally.limit == 0 && report.stopped_early &&
                        (report.items < probe.items || !natural) && report.stop_seconds < 5);
    tally_free(&tally);
  }
}

static void check_bounds(void) {
  static const uint64_t bounds[] = {0, 1, 12345, 59999};
  for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
    struct tally tally;
    struct pool_report report;
    struct fault fault;
    probe = plain;
    probe.items = 60000;
    probe.bound_at = bounds[i];
    enum status status = run(&tally, &report, &fault);
    /* Everything below the bound was done. */
    assert_on_all_ranks(status == STATUS_OK && tally.limit == bounds[i] &&
                        tally.sums[0] >= bounds[i] && tally.minima[0] == 0);
    tally_free(&tally);
  }
}

static void a_bound_drops_only_what_is_above(void **state) {
  (void)state;
  FOR_EACH_WAY() {
    check_bounds();
  }
}

static void a_failure_is_told_to_all(void **state) {
  (void)state;
  way = ways; /* scatter: who has which item is known */
  for (int failing = 0; failing < test_team.size; failing++) {
    struct tally tally;
    struct pool_report report;
    struct fault fault = {.status = STATUS_OK};
    probe = plain;
    probe.items = 1000;
    probe.fail_at = range_share(1000, 1, (uint64_t)failing, (uint64_t)test_team.size).lo;
    enum status status = run(&tally, &report, &fault);
    char expected[64];
    snprintf(expected, sizeof expected, "item %d is bad", (int)probe.fail_at);
    char rank[32];
    snprintf(rank, sizeof rank, "rank %d on ", failing);
    assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, expected) != NULL &&
                        strstr(fault.text, "items [") != NULL &&
                        (failing == 0 || strncmp(fault.text, rank, strlen(rank)) == 0));
    tally_free(&tally);
  }
}

static void a_failure_ends_every_dispatcher(void **state) {
  (void)state;
  FOR_EACH_WAY() {
    for (uint64_t failing = 0; failing < 1000; failing += 333) {
      struct tally tally;
      struct pool_report report;
      struct fault fault = {.status = STATUS_OK};
      probe = plain;
      probe.items = 1000;
      probe.fail_at = failing;
      enum status status = run(&tally, &report, &fault);
      assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "is bad") != NULL);
      tally_free(&tally);
    }
  }
}

/* A dispatcher that loses the last item: the pool must notice. */
static struct range stolen;

static enum status lossy_open(const struct team *team, const struct hand_out *hand_out,
                              void **source, struct fault *fault) {
  (void)fault;
  stolen =
      range_share(hand_out->items - 1, hand_out->grain, (uint64_t)team->rank, (uint64_t)team->size);
  *source = &stolen;
  return STATUS_OK;
}

static bool lossy_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct range *left = source;
  (void)unit_seconds, (void)waited;
  *range = *left;
  *left = (struct range){0};
  return range->lo < range->hi;
}

static void lossy_close(void *source) {
  (void)source;
}

static void lost_work_is_noticed(void **state) {
  (void)state;
  static const struct dispatcher lossy = {
      .name = "lossy", .open = lossy_open, .next = lossy_next, .close = lossy_close};
  struct tally tally;
  struct pool_report report;
  struct fault fault;
  probe = plain;
  probe.items = 1000;
  struct job job = {.parameters = &probe, .workers = (uint64_t)test_team.size};
  way = ways;
  struct pool pool = make_pool(&lossy);
  assert_on_all_ranks(tally_init(&tally, probe_shape(&job), &fault) == STATUS_OK);
  enum status status = pool_run(&pool, &probe_workload, &job, &tally, &report, &fault);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "999 items done of 1000"));
  tally_free(&tally);
}

static void alone_gives_the_same_tally(void **state) {
  (void)state;
  way = ways; /* scatter: who has which item is known */
  struct tally tally;
  struct tally alone;
  struct pool_report report;
  struct fault fault;
  double seconds = 0;
  probe = plain;
  probe.items = 54321;
  struct job job = {.parameters = &probe, .workers = 1};
  assert_on_all_ranks(run(&tally, &report, &fault) == STATUS_OK);
  assert_on_all_ranks(tally_init(&alone, probe_shape(&job), &fault) == STATUS_OK);
  enum status status = pool_run_alone(&probe_workload, &job, &alone, &seconds, &fault);
  assert_on_all_ranks(status == STATUS_OK && seconds > 0 && alone.sums[0] == tally.sums[0] &&
                      alone.sums[1] == tally.sums[1] && alone.wide_sums[0] == tally.wide_sums[0]);
  tally_free(&tally);
  tally_free(&alone);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_item_once_and_exact),
      cmocka_unit_test(every_item_once_across_nodes),
      cmocka_unit_test(long_items_across_nodes),
      cmocka_unit_test(many_jobs_across_nodes),
      cmocka_unit_test(a_find_stops_everyone),
      cmocka_unit_test(a_find_stops_every_dispatcher),
      cmocka_unit_test(a_failure_ends_every_dispatcher),
      cmocka_unit_test(a_bound_drops_only_what_is_above),
      cmocka_unit_test(a_failure_is_told_to_all),
      cmocka_unit_test(lost_work_is_noticed),
      cmocka_unit_test(alone_gives_the_same_tally),
  };
  RUN_ON_ALL_RANKS(tests);
}
