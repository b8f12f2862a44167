/* From a plan to the written report, with a workload of the test's own: who works when, what is
   written after each case, and how wrong answers and failures end. */
#include "mpi/mpi_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/run.h"
#include "app/study.h"
#include "core/clock.h"

enum { ITEMS = 800 };
static const double ITEM_SECONDS = 2e-6;

enum mood { GOOD, FINDS_AT_ONCE, WRONG_ANSWER, FAILS, NEVER_THE_SAME, SHORT_LIST };

struct toy {
  enum mood mood;
};

static uint64_t items_done; /* on this rank */
static uint64_t seed_seen;

static uint64_t toy_items(const struct job *job) {
  (void)job;
  return ITEMS;
}

static struct tally_shape toy_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .minima = 1};
}

static enum status toy_run(const struct job *job, struct range range, struct tally *tally,
                           struct fault *fault) {
  const struct toy *toy = job->parameters;
  double end = clock_seconds() + ITEM_SECONDS * (double)range_length(range);
  while (clock_seconds() < end) {
  }
  if (toy->mood == FAILS) {
    return fault_set(fault, STATUS_FAILED, "no luck");
  }
  if (toy->mood == FINDS_AT_ONCE) {
    tally->limit = 0;
  }
  items_done += range_length(range);
  seed_seen = job->seed;
  tally->sums[0] += range_length(range);
  tally->minima[0] = toy->mood == NEVER_THE_SAME ? UINT64_MAX - items_done : 0;
  return STATUS_OK;
}

static enum status toy_finish(const struct job *job, const struct tally *tally,
                              struct outcome *outcome, struct fault *fault) {
  (void)fault;
  json_object_set_new(outcome->answer, "count", json_integer((json_int_t)tally->sums[0]));
  outcome->right = ((const struct toy *)job->parameters)->mood != WRONG_ANSWER;
  snprintf(outcome->check, sizeof outcome->check, "by this test's wish");
  return STATUS_OK;
}

static char list_path[64];

static bool toy_list_wanted(const void *parameters, const char **path) {
  *path = list_path;
  return ((const struct toy *)parameters)->mood == SHORT_LIST;
}

static uint64_t toy_list_length(const struct job *job) {
  (void)job;
  return 100;
}

/* A line too few in each piece. */
static enum status toy_list(const struct job *job, struct range range, struct text *text,
                            struct fault *fault) {
  (void)job;
  for (uint64_t i = range.lo + 1; i < range.hi; i++) {
    if (!text_add_line(text, i)) {
      return fault_set(fault, STATUS_FAILED, "out of memory");
    }
  }
  return STATUS_OK;
}

static void toy_brief(const json_t *answer, char *text, size_t size) {
  (void)answer;
  snprintf(text, size, "toy");
}

static const struct option_row no_options[] = {{0}};
static const struct workload toy_workload = {.name = "toy",
                                             .item = "item",
                                             .options = no_options,
                                             .items = toy_items,
                                             .shape = toy_shape,
                                             .run = toy_run,
                                             .finish = toy_finish,
                                             .list_wanted = toy_list_wanted,
                                             .list_length = toy_list_length,
                                             .list = toy_list,
                                             .brief = toy_brief};

/* Run cases of the given moods. *cases: on rank 0, those in the written file, NULL when there is no
   file; the caller's reference. */
static enum status run_moods(enum command command, const enum mood *moods, size_t count,
                             bool *right, json_t **cases, struct fault *fault) {
  char folder[] = "/tmp/parbench-test-XXXXXX";
  char path[64] = "unused";
  struct toy toys[4];
  struct planned_case planned[4];
  char title[] = "toy";
  char flag[] = "none";
  char dispatch[] = "scatter"; /* who does what is known */
  char format[] = "json";
  char order[] = "natural";
  char progress[] = "never";
  if (test_team.rank == 0) {
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/report", folder);
    snprintf(list_path, sizeof list_path, "%s/list", folder);
  }
  struct plan plan = {
      .command = command,
      .common = {.dispatch = dispatch,
                 .order = order,
                 .flag = flag,
                 .threads = 1,
                 .seed = 4711,
                 .format = format,
                 .progress = progress,
                 .output = path},
      .study = {.seconds = 20},
      .cases = planned,
      .count = count,
  };
  for (size_t i = 0; i < count; i++) {
    toys[i].mood = moods[i];
    planned[i] = (struct planned_case){.subject = subject_of_workload(&toy_workload),
                                       .common = &plan.common,
                                       .parameters = &toys[i],
                                       .title = title};
  }
  items_done = 0;
  fault->status = STATUS_OK;
  enum status status = run_plan(&plan, &test_team, right, fault);
  *cases = NULL;
  if (test_team.rank == 0) {
    json_t *document = json_load_file(path, 0, NULL);
    *cases = json_incref(json_object_get(document, "cases"));
    json_decref(document);
    unlink(path);
    rmdir(folder);
  }
  return status;
}

static double number(const json_t *record, const char *key, const char *inner) {
  const json_t *value = json_object_get(record, key);
  return json_number_value(inner == NULL ? value : json_object_get(value, inner));
}

static bool is_near(double a, double b) {
  return a - b < 1e-9 * b && b - a < 1e-9 * b;
}

/* What follows from the samples is written as such. */
static bool adds_up(const json_t *record, size_t rounds) {
  double ideal = test_team.size < test_team.cores ? test_team.size : test_team.cores;
  double speedup = number(record, "serial", "median") / number(record, "seconds", "median");
  const json_t *serial = json_object_get(json_object_get(record, "serial"), "samples");
  bool good = json_array_size(serial) == rounds;
  for (size_t i = 0; i < rounds; i++) {
    double seconds = json_real_value(json_array_get(serial, i));
    good = good && seconds >= ITEMS * ITEM_SECONDS;
  }
  return good && is_near(number(record, "speedup", NULL), speedup) &&
         is_near(number(record, "ideal", NULL), ideal) &&
         is_near(number(record, "efficiency", NULL), speedup / ideal) &&
         strcmp(json_string_value(json_object_get(record, "check")), "ok") == 0;
}

/* A warm-up of all, and rounds of rank 0 alone and then all. */
static void the_baseline_is_run_by_rank_0_alone(void **state) {
  (void)state;
  bool right = false;
  json_t *cases;
  struct fault fault;
  enum status status = run_moods(COMMAND_SUITE, (enum mood[]){GOOD}, 1, &right, &cases, &fault);
  const json_t *record = json_array_get(cases, 0);
  int rounds = (int)json_array_size(json_object_get(json_object_get(record, "seconds"), "samples"));
  bool good =
      test_team.rank != 0 || (json_array_size(cases) == 1 && adds_up(record, (size_t)rounds));
  MPI_Bcast(&rounds, 1, MPI_INT, 0, MPI_COMM_WORLD);
  uint64_t share =
      range_length(range_share(ITEMS, 1, (uint64_t)test_team.rank, (uint64_t)test_team.size));
  uint64_t alone = test_team.rank == 0 ? (uint64_t)rounds * ITEMS : 0;
  good = good && items_done == share * (uint64_t)(rounds + 1) + alone;
  json_decref(cases);
  assert_on_all_ranks(status == STATUS_OK && right && rounds > 0 && good && seed_seen == 4711);
}

static void results_that_depend_on_the_ranks_are_a_fault(void **state) {
  (void)state;
  bool right = false;
  json_t *cases;
  struct fault fault;
  enum status status =
      run_moods(COMMAND_SUITE, (enum mood[]){NEVER_THE_SAME}, 1, &right, &cases, &fault);
  json_decref(cases);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "differ") != NULL);
}

/* Cases of a sweep with one job share a baseline: the second one's results are held against it. */
static void results_are_compared_with_a_shared_baseline(void **state) {
  (void)state;
  static const enum mood second[] = {GOOD, NEVER_THE_SAME};
  for (size_t i = 0; i < 2; i++) {
    bool right = false;
    json_t *cases;
    struct fault fault;
    enum status status =
        run_moods(COMMAND_SWEEP, (enum mood[]){GOOD, second[i]}, 2, &right, &cases, &fault);
    json_decref(cases);
    assert_on_all_ranks(second[i] == GOOD
                            ? status == STATUS_OK && right
                            : status == STATUS_FAILED && strstr(fault.text, "differ") != NULL);
  }
}

/* What was left out after an early exit does not count as done. Here each rank does one item. */
static void the_rate_is_of_items_done(void **state) {
  (void)state;
  bool right = false;
  json_t *cases;
  struct fault fault;
  enum status status =
      run_moods(COMMAND_RUN, (enum mood[]){FINDS_AT_ONCE}, 1, &right, &cases, &fault);
  const json_t *record = json_array_get(cases, 0);
  double done = number(record, "items_per_second", NULL) * number(record, "seconds", "median");
  bool good = test_team.rank != 0 ||
              (is_near(done, test_team.size) && number(record, "items", NULL) == ITEMS);
  json_decref(cases);
  assert_on_all_ranks(status == STATUS_OK && right && good);
}

static void one_wrong_answer_is_not_forgotten(void **state) {
  (void)state;
  bool right = true;
  json_t *cases;
  struct fault fault;
  enum status status =
      run_moods(COMMAND_RUN, (enum mood[]){WRONG_ANSWER, GOOD}, 2, &right, &cases, &fault);
  const json_t *check = json_object_get(json_array_get(cases, 0), "check");
  bool told = test_team.rank != 0 || strcmp(json_string_value(check), "failed") == 0;
  json_decref(cases);
  assert_on_all_ranks(status == STATUS_OK && !right && told);
}

/* The list is compared with the count; a list that is not whole is not left behind. */
static void a_short_list_is_noticed(void **state) {
  (void)state;
  bool right = true;
  json_t *cases;
  struct fault fault;
  enum status status = run_moods(COMMAND_RUN, (enum mood[]){SHORT_LIST}, 1, &right, &cases, &fault);
  json_decref(cases);
  bool gone = test_team.rank != 0 || access(list_path, F_OK) != 0;
  assert_on_all_ranks(status == STATUS_FAILED && gone &&
                      strcmp(fault.text, "the list has 792 lines, and the count is 800") == 0);
}

static void a_later_failure_loses_nothing(void **state) {
  (void)state;
  bool right = true;
  json_t *cases;
  struct fault fault;
  enum status status =
      run_moods(COMMAND_RUN, (enum mood[]){GOOD, GOOD, FAILS}, 3, &right, &cases, &fault);
  bool kept = test_team.rank != 0 || json_array_size(cases) == 2;
  json_decref(cases);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "no luck") != NULL && kept);
}

/* The last rank's clock says that it starts this much later than all others. */
static const double LATE = 100;

static bool all_late(const struct study_entry *entry, size_t rounds) {
  bool good = rounds > 0;
  for (size_t i = 0; i < rounds; i++) {
    good = good && fabs(entry->reports[i].start_skew - (test_team.size > 1 ? LATE : 0)) < LATE / 4;
  }
  return good;
}

/* Every sample in the order it was taken, however far from the others. */
static bool has_samples(const json_t *record, const char *key, const double *expected,
                        size_t count) {
  const json_t *times = json_object_get(record, key);
  const json_t *samples = json_object_get(times, "samples");
  bool good = json_array_size(samples) == count && number(times, "outliers", NULL) == 1;
  for (size_t i = 0; good && i < count; i++) {
    good = json_real_value(json_array_get(samples, i)) == expected[i];
  }
  return good;
}

/* Every round's start skew is kept, and the record has their median, and all times. */
static void the_record_has_all_rounds(void **state) {
  (void)state;
  char flag[] = "none";
  char dispatch[] = "scatter";
  char order[] = "natural";
  char title[] = "toy";
  struct toy toy = {.mood = GOOD};
  struct common common = {
      .dispatch = dispatch, .order = order, .flag = flag, .threads = 1, .seed = 1};
  struct planned_case planned = {.subject = subject_of_workload(&toy_workload),
                                 .common = &common,
                                 .parameters = &toy,
                                 .title = title};
  struct study_entry entry = {.planned = &planned, .ranks = test_team.size, .factor = 1};
  const struct study_rules rules = {.seconds = 0.05};
  struct study_result result;
  struct outcome outcome = {0};
  struct fault fault;
  json_t *record = NULL;
  bool right = false;
  double offset = test_team.clock_offset;
  test_team.clock_offset = test_team.rank == test_team.size - 1 ? LATE : 0;
  bool ran = study_run(&test_team, &entry, 1, &rules, NULL, &result, &fault) == STATUS_OK;
  test_team.clock_offset = offset;
  bool kept = ran && all_late(&entry, result.rounds);
  if (ran) {
    /* Neither the first of them, nor the last, the least or the most is the median. */
    static const double skews[] = {9, 1, 4, 3, 8};
    static const double parallel[] = {3, 3, 40, 4, 4};
    static const double serial[] = {5, 6, 6, 0.5, 5};
    result.rounds = sizeof skews / sizeof skews[0];
    for (size_t i = 0; i < result.rounds; i++) {
      entry.reports[i].start_skew = skews[i];
      entry.parallel[i] = parallel[i];
      entry.serial[i] = serial[i];
    }
    ran = study_record(&entry, &result, &outcome, &right, &record, &fault) == STATUS_OK;
    kept = kept && (test_team.rank != 0 || (has_samples(record, "seconds", parallel, 5) &&
                                            has_samples(record, "serial", serial, 5) &&
                                            number(record, "speedup", NULL) == 5.0 / 4));
  }
  double skew = number(record, "run", "start_skew_seconds");
  json_decref(record);
  outcome_free(&outcome);
  study_close(&entry, 1);
  assert_on_all_ranks(ran && kept && right && (test_team.rank != 0 || skew == 4));
}

/* Times over the same round's baseline are 2, 6, 5, 3, 4: the median is that of round 4, and of the
   first four rounds the lower of the middle two that of round 3. By time alone others are. */
static void the_typical_round_is_the_median_against_its_own_baseline(void **state) {
  (void)state;
  double parallel[] = {20, 6, 50, 3, 4};
  double serial[] = {10, 1, 10, 1, 1};
  struct study_entry entry = {.parallel = parallel, .serial = serial, .runs_alone = true};
  struct study_entry other = {.parallel = parallel, .baseline = &entry};
  struct study_result five = {.rounds = 5};
  struct study_result four = {.rounds = 4};
  struct study_result one = {.rounds = 1};
  assert_on_all_ranks(study_typical_round(&entry, &five) == 4 &&
                      study_typical_round(&entry, &four) == 3 &&
                      study_typical_round(&entry, &one) == 0);
  assert_on_all_ranks(study_typical_round(&other, &five) == 4);
  entry.runs_alone = false; /* no baseline at all: by time alone */
  assert_on_all_ranks(study_typical_round(&entry, &five) == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_typical_round_is_the_median_against_its_own_baseline),
      cmocka_unit_test(the_baseline_is_run_by_rank_0_alone),
      cmocka_unit_test(results_that_depend_on_the_ranks_are_a_fault),
      cmocka_unit_test(results_are_compared_with_a_shared_baseline),
      cmocka_unit_test(the_rate_is_of_items_done),
      cmocka_unit_test(one_wrong_answer_is_not_forgotten),
      cmocka_unit_test(a_short_list_is_noticed),
      cmocka_unit_test(a_later_failure_loses_nothing),
      cmocka_unit_test(the_record_has_all_rounds),
  };
  RUN_ON_ALL_RANKS(tests);
}
