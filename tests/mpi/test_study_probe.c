/* Probes in studies: who runs when, what a baseline is, and that no wrong run is forgotten. */
#include "mpi/mpi_test.h"

#include <string.h>

#include "app/study.h"
#include "core/clock.h"
#include "mpi/true_clock.h"

enum mood { GOOD, WRONG_ONCE, DEPENDS_ON_RANKS, FAILS_ALONE, FAILS_LATER, STANDS_STILL_ONCE };

enum { ALLOWED = 1000 }; /* seconds */

struct toy {
  enum mood mood;
};

/* In place of core/clock.c: it can jump. */
static double jumped; /* seconds */

double clock_seconds(void) {
  return true_clock(CLOCK_MONOTONIC) + jumped;
}

double clock_thread_seconds(void) {
  return true_clock(CLOCK_THREAD_CPUTIME_ID);
}

static int runs_with_all, runs_alone; /* on this rank */

/* With one rank in the whole test it cannot be told who is alone. */
static bool is_alone(const struct team *team) {
  return team->size < test_team.size;
}

static enum status toy_run(const struct probe_job *job, struct outcome *outcome,
                           struct probe_report *report, struct fault *fault) {
  const struct toy *toy = job->parameters;
  const struct team *team = job->team;
  int *runs = is_alone(team) ? &runs_alone : &runs_with_all;
  (*runs)++;
  fault->status = STATUS_OK;
  jumped += toy->mood == STANDS_STILL_ONCE && runs_with_all == 4 ? 0.6 * ALLOWED : 0;
  bool fails = (toy->mood == FAILS_ALONE && is_alone(team)) ||
               (toy->mood == FAILS_LATER && runs_with_all == 3);
  if (fails && team->rank == 0) {
    fault_set(fault, STATUS_FAILED, "no luck");
  }
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  if (team->rank == 0) {
    bool wrong = toy->mood == WRONG_ONCE && *runs == 2;
    int ranks = toy->mood == DEPENDS_ON_RANKS ? team->size : 1;
    json_object_set_new(outcome->answer, "ranks", json_integer(ranks));
    json_object_set_new(outcome->facts, "busy_max", json_real(0.5));
    json_object_set_new(outcome->facts, "busy_mean", json_real(0.25));
    outcome->right = !wrong;
    snprintf(outcome->check, sizeof outcome->check, "run %d", *runs);
    *report = (struct probe_report){.items = 10, .seconds = is_alone(team) ? 2e-3 : 1e-3};
  }
  return STATUS_OK;
}

static const struct option_row no_options[] = {{0}};
static struct probe toy_probe = {.name = "toy",
                                 .options = no_options,
                                 .parameters_size = sizeof(struct toy),
                                 .measurable = true,
                                 .run = toy_run};

struct studied {
  enum status status;
  struct fault fault;
  size_t rounds;
  bool right;
  json_t *record; /* rank 0 */
};

static struct studied study(enum mood mood, bool shares_job) {
  static char title[] = "toy";
  struct toy toy = {.mood = mood};
  struct common common = {.threads = 1, .seed = 1};
  toy_probe.shares_job = shares_job;
  struct planned_case planned = {.subject = subject_of_probe(&toy_probe),
                                 .common = &common,
                                 .parameters = &toy,
                                 .title = title};
  struct study_entry entry = {.planned = &planned, .ranks = test_team.size, .factor = 1};
  const struct study_rules rules = {.relative = 0.5, .seconds = ALLOWED};
  struct study_result result;
  struct outcome outcome = {0};
  struct studied studied = {.fault = {.status = STATUS_OK}};
  runs_with_all = runs_alone = 0;
  studied.status = study_run(&test_team, &entry, 1, &rules, NULL, &result, &studied.fault);
  studied.rounds = result.rounds;
  if (studied.status == STATUS_OK) {
    study_record(&entry, &result, &outcome, &studied.right, &studied.record, &studied.fault);
  }
  outcome_free(&outcome);
  study_close(&entry, 1);
  return studied;
}

static double number(const json_t *record, const char *key, const char *inner) {
  const json_t *value = json_object_get(record, key);
  return json_number_value(inner == NULL ? value : json_object_get(value, inner));
}

static bool is_near(double value, double expected) {
  return value > 0.999 * expected && value < 1.001 * expected;
}

/* Six rounds, the fewest, suffice for times that are all the same; and there is a warm-up. */
static void rank_0_alone_is_the_baseline_of_a_shared_job(void **state) {
  (void)state;
  struct studied studied = study(GOOD, true);
  bool good = studied.status == STATUS_OK && studied.right && studied.rounds == 6;
  if (test_team.size > 1) {
    good = good && runs_with_all == 7 && runs_alone == (test_team.rank == 0 ? 6 : 0);
  }
  if (test_team.rank == 0) {
    good = good && is_near(number(studied.record, "seconds", "median"), 1e-3) &&
           is_near(number(studied.record, "items_per_second", NULL), 1e4) &&
           is_near(number(studied.record, "run", "busy_max"), 0.5) &&
           is_near(number(studied.record, "speedup", NULL), test_team.size > 1 ? 2 : 1) &&
           strcmp(json_string_value(json_object_get(studied.record, "check")), "ok") == 0;
  }
  json_decref(studied.record);
  assert_on_all_ranks(good);
}

static void without_a_shared_job_there_is_no_baseline(void **state) {
  (void)state;
  struct studied studied = study(GOOD, false);
  bool good = studied.status == STATUS_OK && studied.right && runs_alone == 0 && runs_with_all == 7;
  if (test_team.rank == 0) {
    good = good && json_object_get(studied.record, "serial") == NULL &&
           json_object_get(studied.record, "speedup") == NULL &&
           is_near(number(studied.record, "seconds", "median"), 1e-3);
  }
  json_decref(studied.record);
  assert_on_all_ranks(good);
}

/* A round that took more than half of the time is no forecast of the next one. */
static void a_standstill_ends_no_study(void **state) {
  (void)state;
  struct studied studied = study(STANDS_STILL_ONCE, false);
  json_decref(studied.record);
  assert_on_all_ranks(studied.status == STATUS_OK && studied.rounds == 6 && runs_with_all == 7);
}

/* The second of seven runs; all later ones are right. */
static void a_wrong_run_is_not_forgotten(void **state) {
  (void)state;
  for (int shares = 0; shares < 2; shares++) {
    struct studied studied = study(WRONG_ONCE, shares == 1);
    bool good = studied.status == STATUS_OK && !studied.right;
    if (test_team.rank == 0) {
      const json_t *run = json_object_get(studied.record, "run");
      good = good &&
             strcmp(json_string_value(json_object_get(studied.record, "check")), "failed") == 0 &&
             strcmp(json_string_value(json_object_get(run, "checked")), "run 2") == 0;
    }
    json_decref(studied.record);
    assert_on_all_ranks(good);
  }
}

static void answers_that_depend_on_the_ranks_are_a_fault(void **state) {
  (void)state;
  struct studied studied = study(DEPENDS_ON_RANKS, true);
  bool differs = test_team.size > 1;
  bool good = (studied.status == STATUS_OK) == !differs &&
              (!differs || strstr(studied.fault.text, "differ in their results") != NULL);
  json_decref(studied.record);
  assert_on_all_ranks(good);
}

static void a_failure_is_everyones(void **state) {
  (void)state;
  if (test_team.size > 1) {
    struct studied studied = study(FAILS_ALONE, true);
    assert_on_all_ranks(studied.status == STATUS_FAILED &&
                        strstr(studied.fault.text, "no luck") != NULL);
  }
  struct studied studied = study(FAILS_LATER, false);
  assert_on_all_ranks(studied.status == STATUS_FAILED &&
                      strstr(studied.fault.text, "no luck") != NULL && runs_with_all == 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rank_0_alone_is_the_baseline_of_a_shared_job),
      cmocka_unit_test(without_a_shared_job_there_is_no_baseline),
      cmocka_unit_test(a_standstill_ends_no_study),
      cmocka_unit_test(a_wrong_run_is_not_forgotten),
      cmocka_unit_test(answers_that_depend_on_the_ranks_are_a_fault),
      cmocka_unit_test(a_failure_is_everyones),
  };
  RUN_ON_ALL_RANKS(tests);
}
