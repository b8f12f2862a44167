/* What the cores themselves allow a scaled case: the kernel alone on every rank at once, in each
   round, of the entry with the most ranks that have a core each. */
#include "mpi/mpi_test.h"

#include <math.h>
#include <string.h>

#include "app/scaling_record.h"
#include "app/study.h"
#include "app/study_bound.h"
#include "app/subject.h"
#include "core/clock.h"
#include "core/stats.h"
#include "kernels/burn.h"

enum { ITEMS = 800, MOST_RUNS = 1000 };
static const double ITEM_SECONDS = 1e-6;

enum mood { GOOD, WRONG_ALONE_ON_RANK_1, FINDS_AT_ONCE };

struct toy {
  enum mood mood;
  uint64_t times; /* as large */
};

/* What this rank does, in order: `a` for the whole job as planned, `A` for a part of it or for the
   whole of a larger one. */
static char runs[MOST_RUNS];
static size_t run_count;

static uint64_t toy_items(const struct job *job) {
  return ITEMS * ((const struct toy *)job->parameters)->times;
}

static bool toy_enlarge(void *parameters, uint64_t factor) {
  ((struct toy *)parameters)->times *= factor;
  return true;
}

static struct tally_shape toy_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1};
}

static enum status toy_run(const struct job *job, struct range range, struct tally *tally,
                           struct fault *fault) {
  const struct toy *toy = job->parameters;
  bool whole = range_length(range) == toy_items(job);
  (void)fault;
  burn_until(clock_thread_seconds() + ITEM_SECONDS * (double)range_length(range));
  if (run_count + 1 < MOST_RUNS) {
    runs[run_count++] = whole && toy->times == 1 ? 'a' : 'A';
  }
  tally->sums[0] += toy->mood == FINDS_AT_ONCE ? 1 : range_length(range);
  if (toy->mood == WRONG_ALONE_ON_RANK_1 && test_team.rank == 1 && whole) {
    tally->sums[0]++;
  }
  if (toy->mood == FINDS_AT_ONCE) {
    tally->limit = 0;
  }
  return STATUS_OK;
}

static enum status toy_finish(const struct job *job, const struct tally *tally,
                              struct outcome *outcome, struct fault *fault) {
  (void)job, (void)fault;
  outcome->right = tally->sums[0] > 0;
  return STATUS_OK;
}

static bool wants_core = true;
static int threads = 1;

static bool toy_needs_core(const struct job *job) {
  (void)job;
  return wants_core;
}

static const struct option_row no_options[] = {{0}};
static const struct workload toy_workload = {.name = "toy",
                                             .item = "item",
                                             .options = no_options,
                                             .parameters_size = sizeof(struct toy),
                                             .items = toy_items,
                                             .enlarge = toy_enlarge,
                                             .shortest_call = toy_items, /* never cut in several */
                                             .shape = toy_shape,
                                             .needs_core = toy_needs_core,
                                             .run = toy_run,
                                             .finish = toy_finish};

enum { MOST_ENTRIES = 3 };
static struct study_entry entries[MOST_ENTRIES];
static struct study_result result;
static struct fault found_fault;

/* Collective. A toy on ranks[0], ranks[1] ..., for a few rounds; study_close must follow. */
static enum status scale(enum mood mood, const int *ranks, size_t count, bool weak, bool bounds) {
  static char words[][8] = {"none", "scatter", "natural", "toy"}; /* who does what is known */
  static struct toy toy;
  static struct common common;
  static struct planned_case planned;
  toy = (struct toy){.mood = mood, .times = 1};
  common = (struct common){.flag = words[0],
                           .dispatch = words[1],
                           .order = words[2],
                           .threads = (uint64_t)threads,
                           .seed = 1};
  planned = (struct planned_case){.subject = subject_of_workload(&toy_workload),
                                  .common = &common,
                                  .parameters = &toy,
                                  .title = words[3]};
  for (size_t i = 0; i < count; i++) {
    entries[i] = (struct study_entry){.planned = &planned,
                                      .ranks = ranks[i],
                                      .factor = weak ? (uint64_t)ranks[i] : 1,
                                      .baseline = i == 0 ? NULL : &entries[0]};
  }
  const struct study_rules rules = {.seconds = 0.1, .bounds = bounds};
  memset(runs, 0, sizeof runs);
  run_count = 0;
  return study_run(&test_team, entries, count, &rules, NULL, &result, &found_fault);
}

/* `warm_up`, then `round` as often as there were rounds. */
static bool did(const char *warm_up, const char *round) {
  bool good = strncmp(runs, warm_up, strlen(warm_up)) == 0;
  for (size_t i = 0; i < result.rounds; i++) {
    size_t at = strlen(warm_up) + i * strlen(round);
    good = good && strncmp(runs + at, round, strlen(round)) == 0;
  }
  good = good && result.rounds > 0 && run_count == strlen(warm_up) + result.rounds * strlen(round);
  if (!good) {
    fprintf(stderr, "rank %d: %zu rounds: %.100s\n", test_team.rank, result.rounds, runs);
  }
  return good;
}

/* On one rank and on all: rank 0 by itself, as one rank, and, where it is bounded, at once with the
   others; then its part. */
static bool did_in_rounds(bool bounded) {
  const char *warm_up = test_team.size == 1 ? "aa" : test_team.rank == 0 ? "aA" : "A";
  const char *round = test_team.size == 1   ? "aaa"
                      : test_team.rank == 0 ? (bounded ? "aaaA" : "aaA")
                                            : (bounded ? "aA" : "A");
  return did(warm_up, round);
}

static bool all_have_cores(void) {
  return test_team.size > 1 && test_team.size <= test_team.cores;
}

/* Rank 0: one rank's kernel alone, the whole of the job on one, then on all of them. */
static void each_round_has_the_kernel_alone_on_all_ranks_at_once(void **state) {
  (void)state;
  const int ranks[] = {1, test_team.size};
  bool ran = scale(GOOD, ranks, 2, false, true) == STATUS_OK;
  bool bounded = entries[1].at_once != NULL;
  bool good = ran && did_in_rounds(bounded) && entries[0].at_once == NULL;
  study_close(entries, 2);
  assert_on_all_ranks(ran && good);
  assert_on_all_ranks(bounded == all_have_cores());
}

/* A rank's rate counts, so the mean of their seconds is the harmonic one. */
static void the_bound_is_of_all_ranks_rates(void **state) {
  (void)state;
  if (!all_have_cores()) {
    return;
  }
  const int ranks[] = {1, test_team.size};
  bool good = scale(GOOD, ranks, 2, false, true) == STATUS_OK;
  for (size_t i = 0; good && i < result.rounds; i++) {
    const struct pool_alone *mean = &entries[1].at_once[i];
    good = mean->seconds >= ITEMS * ITEM_SECONDS && mean->core_seconds >= ITEMS * ITEM_SECONDS &&
           mean->items == (uint64_t)test_team.size * ITEMS;
  }
  if (good && test_team.rank == 0) {
    static const double serial[] = {4, 6, 60};
    static const double at_once[] = {5, 8, 4};
    static const double in_pool[] = {8, 7.5, 60}; /* 8/4, 7.5/6, 60/60 */
    /* All that it heeds: there may have been time for one round only. */
    for (size_t i = 0; i < 3; i++) {
      entries[0].serial[i] = serial[i];
      entries[0].alones[i] = (struct pool_alone){serial[i], serial[i], ITEMS};
      entries[0].reports[i].items = ITEMS;
      entries[0].reports[i].busy_mean = entries[0].reports[i].core_mean = in_pool[i];
      entries[1].at_once[i].seconds = entries[1].at_once[i].core_seconds = at_once[i];
    }
    /* Of each round by itself: 5/4, 8/6, 4/60. */
    struct study_result three = {.rounds = 3};
    struct scaling scaling = scaling_of_study(entries, 2, &three, NAN);
    good = scaling.cost_in_pool == 1.25 && scaling.points[1].cost_at_once == 1.25 &&
           isnan(scaling.points[0].cost_at_once) &&
           scaling.points[1].core_speedup == test_team.size * 6.0 / 5;
    good = good && study_bound_cores(&entries[1], 3) == test_team.size * 6.0 / 5 &&
           study_bound_cores(&entries[1], 1) == test_team.size * 4.0 / 5 &&
           study_bound_cores(&entries[0], 3) == 0;
  }
  study_close(entries, 2);
  assert_on_all_ranks(good);
}

static void rates_are_added_up(void **state) {
  (void)state;
  struct pool_alone mine = {
      .seconds = test_team.rank == 0 ? 1 : 3, .core_seconds = test_team.rank, .items = 10};
  struct pool_alone mean;
  pool_alone_mean(&test_team, &mine, &mean);
  double n = test_team.size;
  double rates = 1 + (n - 1) / 3;
  assert_on_all_ranks(fabs(mean.seconds - n / rates) < 1e-12 &&
                      fabs(mean.core_seconds - (n - 1) / 2) < 1e-12 &&
                      mean.items == 10 * (uint64_t)test_team.size);
}

/* Each rank does the job as one alone does it, not the enlarged one. */
static void weak_scaling_asks_for_one_ranks_job(void **state) {
  (void)state;
  const int ranks[] = {1, test_team.size};
  bool ran = scale(GOOD, ranks, 2, true, true) == STATUS_OK;
  bool bounded = entries[1].at_once != NULL;
  bool good = ran && did_in_rounds(bounded) && bounded == all_have_cores();
  study_close(entries, 2);
  assert_on_all_ranks(good);
}

/* Of those with a core for each rank the one with the most ranks; of others none. */
static void more_ranks_than_cores_are_not_asked(void **state) {
  (void)state;
  if (test_team.size < 4) {
    return;
  }
  const int ranks[] = {1, 2, test_team.size};
  bool ran = scale(GOOD, ranks, 3, false, true) == STATUS_OK;
  bool in_pair = test_team.rank < 2;
  bool good = ran && (entries[2].at_once != NULL) == all_have_cores();
  bool pair = entries[1].at_once != NULL;
  good = good && pair == (in_pair && !all_have_cores() && test_team.cores >= 2);
  study_close(entries, 3);
  assert_on_all_ranks(good);
}

static void it_is_measured_where_asked_and_where_one_worker_needs_a_core(void **state) {
  (void)state;
  const int ranks[] = {1, test_team.size};
  bool silent = scale(GOOD, ranks, 2, false, false) == STATUS_OK && entries[1].at_once == NULL;
  study_close(entries, 2);
  wants_core = false;
  silent = silent && scale(GOOD, ranks, 2, false, true) == STATUS_OK && entries[1].at_once == NULL;
  study_close(entries, 2);
  wants_core = true;
  threads = test_team.has_threads ? 2 : 1;
  silent = silent && scale(GOOD, ranks, 2, false, true) == STATUS_OK &&
           (entries[1].at_once == NULL || threads == 1);
  study_close(entries, 2);
  threads = 1;
  assert_on_all_ranks(silent);
}

/* A rank whose kernel is wrong by itself is named; after an early exit the tallies may differ. */
static void every_ranks_own_result_is_checked(void **state) {
  (void)state;
  const int ranks[] = {1, test_team.size};
  bool found = scale(WRONG_ALONE_ON_RANK_1, ranks, 2, false, true) == STATUS_FAILED &&
               strstr(found_fault.text, "rank 1") != NULL &&
               strstr(found_fault.text, "differ") != NULL;
  study_close(entries, 2);
  assert_on_all_ranks(found == all_have_cores());
  bool fine = scale(FINDS_AT_ONCE, ranks, 2, false, true) == STATUS_OK;
  study_close(entries, 2);
  assert_on_all_ranks(fine);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_round_has_the_kernel_alone_on_all_ranks_at_once),
      cmocka_unit_test(the_bound_is_of_all_ranks_rates),
      cmocka_unit_test(rates_are_added_up),
      cmocka_unit_test(weak_scaling_asks_for_one_ranks_job),
      cmocka_unit_test(more_ranks_than_cores_are_not_asked),
      cmocka_unit_test(it_is_measured_where_asked_and_where_one_worker_needs_a_core),
      cmocka_unit_test(every_ranks_own_result_is_checked),
  };
  RUN_ON_ALL_RANKS(tests);
}
