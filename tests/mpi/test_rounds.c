/* In which order a study measures: a warm-up of each case, then rounds in which every case has a
   serial run and a parallel one, so that a clock that drifts touches all alike. */
#include "mpi/mpi_test.h"

#include <string.h>

#include "app/study.h"
#include "app/subject.h"
#include "core/clock.h"
#include "kernels/burn.h"

enum { ITEMS = 800, MOST_RUNS = 1000 };
static const double ITEM_SECONDS = 1e-6;

/* What rank 0 does, in order: a small letter for a serial run of the case so named, which is the
   whole job in one call, a capital one for its part of a parallel run. */
static char runs[MOST_RUNS];
static size_t run_count;

struct named {
  char name;
};

static void note_run(char letter) {
  if (run_count + 1 < MOST_RUNS) {
    runs[run_count++] = letter;
  }
}

static uint64_t named_items(const struct job *job) {
  (void)job;
  return ITEMS;
}

/* No range is cut into several calls. */
static uint64_t named_shortest(const struct job *job) {
  (void)job;
  return ITEMS;
}

static struct tally_shape named_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1};
}

static enum status named_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  char name = ((const struct named *)job->parameters)->name;
  (void)fault;
  burn_until(clock_thread_seconds() + ITEM_SECONDS * (double)range_length(range));
  note_run(range_length(range) == ITEMS ? name : (char)(name - 'a' + 'A'));
  tally->sums[0] += range_length(range);
  return STATUS_OK;
}

static enum status named_finish(const struct job *job, const struct tally *tally,
                                struct outcome *outcome, struct fault *fault) {
  (void)job, (void)fault;
  outcome->right = tally->sums[0] == ITEMS;
  return STATUS_OK;
}

static const struct option_row no_options[] = {{0}};
static const struct workload named_workload = {.name = "named",
                                               .item = "item",
                                               .options = no_options,
                                               .items = named_items,
                                               .shortest_call = named_shortest,
                                               .shape = named_shape,
                                               .run = named_run,
                                               .finish = named_finish};

/* Collective. Two cases, for a few rounds; how many they were. */
static size_t study_two_cases(void) {
  char words[][8] = {"none", "scatter", "natural", "named"}; /* who does what is known */
  struct named parameters[] = {{'a'}, {'b'}};
  struct common common = {
      .flag = words[0], .dispatch = words[1], .order = words[2], .threads = 1, .seed = 1};
  struct planned_case planned[2];
  struct study_entry entries[2];
  for (size_t i = 0; i < 2; i++) {
    planned[i] = (struct planned_case){.subject = subject_of_workload(&named_workload),
                                       .common = &common,
                                       .parameters = &parameters[i],
                                       .title = words[3]};
    entries[i] = (struct study_entry){.planned = &planned[i], .ranks = test_team.size, .factor = 1};
  }
  const struct study_rules rules = {.seconds = 0.1};
  struct study_result result;
  struct fault fault;
  memset(runs, 0, sizeof runs);
  run_count = 0;
  enum status status = study_run(&test_team, entries, 2, &rules, NULL, &result, &fault);
  study_close(entries, 2);
  return status == STATUS_OK ? result.rounds : 0;
}

static void serial_and_parallel_runs_alternate(void **state) {
  (void)state;
  if (test_team.size == 1) {
    return; /* both are the whole job */
  }
  static const char warm_up[] = "AB";
  static const char round[] = "aAbB";
  size_t rounds = study_two_cases();
  bool good = strncmp(runs, warm_up, strlen(warm_up)) == 0;
  for (size_t i = 0; i < rounds; i++) {
    size_t at = strlen(warm_up) + i * strlen(round);
    good = good && strncmp(runs + at, round, strlen(round)) == 0;
  }
  good = good && rounds > 0 && run_count == strlen(warm_up) + rounds * strlen(round);
  if (!good) {
    print_message("%zu rounds: %.100s\n", rounds, runs);
  }
  assert_on_all_ranks(rounds > 0);
  assert_on_all_ranks(test_team.rank != 0 || good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(serial_and_parallel_runs_alternate),
  };
  RUN_ON_ALL_RANKS(tests);
}
