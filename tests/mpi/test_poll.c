/* --poll: how many items lie between two looks at the early-exit flag, and what a flag's own
   failure does to a job. */
#include "mpi/mpi_test.h"

#include <string.h>

#include "pool/pool.h"

/* A flag of the test's own: it counts, and fails when it is told to. */
static uint64_t since_poll, most_between, polls;
static bool fails_at_close;
static uint64_t limit;

static enum status counting_open(struct team *team, const struct flag_settings *settings,
                                 void **flag, struct fault *fault) {
  (void)team, (void)settings, (void)fault;
  *flag = &limit;
  limit = UINT64_MAX;
  since_poll = most_between = polls = 0;
  return STATUS_OK;
}

static void counting_lower(void *flag, uint64_t to) {
  (void)flag, (void)to;
}

static uint64_t counting_poll(void *flag) {
  (void)flag;
  most_between = since_poll > most_between ? since_poll : most_between;
  polls += since_poll > 0; /* a rank that waits for others looks too */
  since_poll = 0;
  return limit;
}

static void counting_close(void *flag, struct fault *fault) {
  (void)flag;
  if (fails_at_close) {
    fault_set(fault, STATUS_FAILED, "the flag was lost");
  }
}

static const struct flag_kind counting_flag = {.name = "counting",
                                               .open = counting_open,
                                               .lower = counting_lower,
                                               .poll = counting_poll,
                                               .close = counting_close};

enum { ITEMS = 200000 };
static uint64_t grain = 1;

static uint64_t plain_items(const struct job *job) {
  (void)job;
  return ITEMS;
}

static uint64_t plain_grain(const struct job *job) {
  (void)job;
  return grain;
}

/* Far longer than any poll is wanted: only a workload that asks for it gets calls that long. */
static uint64_t plain_shortest(const struct job *job) {
  (void)job;
  return 50000;
}

static struct tally_shape plain_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1};
}

static enum status plain_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  (void)job, (void)fault;
  since_poll += range_length(range);
  tally->sums[0] += range_length(range);
  return STATUS_OK;
}

static const struct workload plain_workload = {.name = "plain",
                                               .items = plain_items,
                                               .grain = plain_grain,
                                               .shortest_call = plain_shortest,
                                               .shape = plain_shape,
                                               .run = plain_run};

static enum status run(uint64_t poll, const char *dispatch, struct fault *fault) {
  struct job job = {.workers = (uint64_t)test_team.size, .poll = poll};
  struct pool pool = {.team = &test_team,
                      .dispatcher = dispatcher_find(dispatch),
                      .flag_kind = &counting_flag,
                      .schedule =
                          schedule_find(strcmp(dispatch, "scatter") == 0 ? "static" : "factoring"),
                      .order = order_find("natural")};
  struct tally tally;
  struct pool_report report;
  assert_on_all_ranks(tally_init(&tally, plain_shape(&job), fault) == STATUS_OK);
  enum status status = pool_run(&pool, &plain_workload, &job, &tally, &report, fault);
  bool whole = status != STATUS_OK || tally.sums[0] == ITEMS;
  tally_free(&tally);
  assert_on_all_ranks(whole);
  return status;
}

static void a_poll_comes_after_so_many_items(void **state) {
  (void)state;
  static const char *const dispatchers[] = {"node", "master", "scatter"};
  static const struct {
    uint64_t poll, grain, most;
  } cases[] = {{1, 1, 1}, {7, 1, 7}, {1000, 1, 1000}, {1000, 64, 1024}, {3, 64, 64}};
  for (size_t d = 0; d < 3; d++) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
      struct fault fault;
      grain = cases[i].grain;
      assert_on_all_ranks(run(cases[i].poll, dispatchers[d], &fault) == STATUS_OK);
      assert_on_all_ranks(most_between <= cases[i].most);
      /* Not far more often either, where all ranks have a part of the same size. */
      bool rare = polls < UINT64_C(2) * ITEMS / cases[i].most / (uint64_t)test_team.size + 100;
      assert_on_all_ranks(strcmp(dispatchers[d], "scatter") != 0 || cases[i].most < 1000 || rare);
    }
  }
  grain = 1;
}

static void without_it_the_workload_has_its_way(void **state) {
  (void)state;
  struct fault fault;
  assert_on_all_ranks(run(0, "scatter", &fault) == STATUS_OK);
  uint64_t share = ITEMS / (uint64_t)test_team.size;
  assert_on_all_ranks(most_between >= (share < 50000 ? share : 50000));
}

static void a_flag_that_failed_fails_the_job(void **state) {
  (void)state;
  for (int failing = 0; failing < test_team.size; failing++) {
    struct fault fault = {.status = STATUS_OK};
    fails_at_close = test_team.rank == failing;
    enum status status = run(0, "node", &fault);
    fails_at_close = false;
    assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "the flag was lost") != NULL);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_poll_comes_after_so_many_items),
      cmocka_unit_test(without_it_the_workload_has_its_way),
      cmocka_unit_test(a_flag_that_failed_fails_the_job),
  };
  RUN_ON_ALL_RANKS(tests);
}
