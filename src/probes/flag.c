/* flag: what an early-exit flag costs: the time from its raise to the last rank's stop, and the
   time of a poll, for every kind of flag. */
#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "core/stats.h"
#include "flags/flag.h"
#include "probes/flag_trial.h"
#include "probes/kinds.h"
#include "probes/probe.h"

struct flag {
  char *kind;
  uint64_t repeats;
  char *interval_text;

  double interval; /* from interval_text, in seconds */
};

enum { MOST_REPEATS = 1000000 };
static const double PATIENCE = 30; /* far longer than a raise has ever taken to be heard */

static const struct option_row options[] = {
    {"--kind", OPTION_CHOICE, offsetof(struct flag, kind), NULL, "all", "all|" FLAG_NAMES, 0, 0,
     false, "how ranks tell one another; all: one after the other, those that can work here"},
    {"--repeat", OPTION_COUNT, offsetof(struct flag, repeats), "R", "50", NULL, 1, MOST_REPEATS,
     false, "times that it is raised, by a rank and at a moment drawn from the seed"},
    {"--interval", OPTION_TEXT, offsetof(struct flag, interval_text), "T", "100us", NULL, 0, 0,
     false, "work of a rank between two polls: 1us to 1s"},
    {0},
};

static const char *const heeds[] = {"--redis", NULL};

#define KIND_LIST(name) &name##_flag,
static const struct flag_kind *const kinds[] = {FLAG_KINDS(KIND_LIST)};
#undef KIND_LIST

static enum status flag_validate(void *parameters, struct fault *fault) {
  struct flag *flag = parameters;
  enum number_result result = number_parse_time(flag->interval_text, &flag->interval);
  if (result != NUMBER_OK || flag->interval < 1e-6 || flag->interval > 1) {
    return fault_set(fault, STATUS_USAGE,
                     "--interval: '%s' %s: accepted are times from 1us to 1s, such as 100us or 5ms",
                     flag->interval_text,
                     result == NUMBER_UNITLESS ? number_complaint(result) : "is no such time");
  }
  return kinds_check_build(flag->kind, fault);
}

/* What rank 0 has found so far. */
struct findings {
  json_t *kinds; /* a record each */
  int tried;
  uint64_t raises;
  double seconds, busy_max, busy_mean;
  char wrong[60]; /* a kind that was not heard as it must be */
};

static json_t *record_of(struct flag_trial *trial, size_t repeats, int ranks) {
  if (trial->left_out[0] != '\0') {
    return kinds_left_out(trial->kind->name, trial->left_out);
  }
  json_t *record = kinds_record(trial->kind->name);
  json_object_set_new(record, "ranks", json_integer(ranks));
  json_object_set_new(record, "poll_ns", json_real(1e9 * trial->poll_seconds));
  if (!trial->is_heard || trial->failed) {
    json_object_set_new(record, "raise_to_stop_seconds", json_null());
    json_object_set_new(record, "note",
                        json_string(trial->failed ? "FAILED" : "other ranks never hear of it"));
    return record;
  }
  stats_sort(trial->stop, repeats);
  json_object_set_new(record, "raise_to_stop_seconds",
                      json_real(stats_of(trial->stop, repeats).median));
  json_object_set_new(record, "raise_to_stop_p95_seconds",
                      json_real(stats_quantile(trial->stop, repeats, 0.95)));
  json_object_set_new(record, "raise_to_stop_max_seconds", json_real(trial->stop[repeats - 1]));
  json_object_set_new(record, "wasted_rank_seconds",
                      json_real(stats_of(trial->wasted, repeats).median));
  return record;
}

static void note(struct findings *findings, struct flag_trial *trial, size_t repeats, int ranks) {
  json_array_append_new(findings->kinds, record_of(trial, repeats, ranks));
  if (trial->left_out[0] != '\0') {
    return;
  }
  findings->tried++;
  findings->raises += trial->is_heard ? repeats : 0;
  findings->seconds += trial->seconds;
  findings->busy_max += trial->busy_max;
  findings->busy_mean += trial->busy_mean;
  if (trial->failed) {
    snprintf(findings->wrong, sizeof findings->wrong, "%s", trial->kind->name);
  }
}

static void report(const struct findings *findings, const struct probe_job *job,
                   struct outcome *outcome, struct probe_report *report) {
  const struct flag *flag = job->parameters;
  json_t *facts = outcome->facts;
  kinds_put(facts, findings->kinds, kinds_all(flag->kind));
  json_object_set_new(facts, "chunks", json_integer((json_int_t)findings->tried * job->team->size));
  json_object_set_new(facts, "busy_max", json_real(findings->busy_max));
  json_object_set_new(facts, "busy_mean", json_real(findings->busy_mean));
  json_object_set_new(outcome->answer, "repeats", json_integer((json_int_t)flag->repeats));
  outcome->right = findings->wrong[0] == '\0';
  if (outcome->right) {
    snprintf(outcome->check, sizeof outcome->check,
             "every rank heard of each raise, what was raised and not before");
  } else {
    snprintf(outcome->check, sizeof outcome->check,
             "%s: a rank did NOT hear of a raise, or too early, or something else",
             findings->wrong);
  }
  *report = (struct probe_report){.items = findings->raises, .seconds = findings->seconds};
}

static enum status try_kind(const struct probe_job *job, const struct flag_kind *kind,
                            struct findings *findings, struct fault *fault) {
  const struct flag *flag = job->parameters;
  const struct flag_conditions conditions = {.team = job->team,
                                             .settings = {.redis = job->redis},
                                             .interval = flag->interval,
                                             .repeats = flag->repeats,
                                             .seed = job->seed,
                                             .patience = PATIENCE};
  /* What was asked for by an option of its own must work; of the others, those that can. */
  bool must_work = !kinds_all(flag->kind) || (job->redis != NULL && kind == &redis_flag);
  struct flag_trial trial;
  flag_trial_run(kind, &conditions, &trial, fault);
  if (trial.left_out[0] != '\0' && !must_work) {
    fault->status = STATUS_OK;
  } else if (trial.left_out[0] != '\0') {
    fault_set(fault, fault->status, "flag: %s", trial.left_out);
  }
  if (fault->status == STATUS_OK && job->team->rank == 0) {
    note(findings, &trial, flag->repeats, job->team->size);
  }
  flag_trial_free(&trial);
  return fault->status;
}

static enum status flag_run(const struct probe_job *job, struct outcome *outcome,
                            struct probe_report *probe_report, struct fault *fault) {
  const struct flag *flag = job->parameters;
  struct findings findings = {.kinds = json_array()};
  enum status status = kinds_check_server("flag", flag->kind, job->redis, fault);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && status == STATUS_OK; i++) {
    if (kinds_wanted(flag->kind, kinds[i]->name)) {
      status = try_kind(job, kinds[i], &findings, fault);
    }
  }
  if (status == STATUS_OK && job->team->rank == 0) {
    report(&findings, job, outcome, probe_report);
  }
  json_decref(findings.kinds);
  return status;
}

static void flag_tabulate(const json_t *facts, struct table *table) {
  static const struct kinds_column columns[] = {{"ranks", "ranks", 0},
                                                {"poll_ns", "poll_ns", 1},
                                                {"stop_us", "raise_to_stop_seconds", 1e6},
                                                {"p95_us", "raise_to_stop_p95_seconds", 1e6},
                                                {"max_us", "raise_to_stop_max_seconds", 1e6},
                                                {"wasted_rank_us", "wasted_rank_seconds", 1e6},
                                                {0}};
  kinds_tabulate(facts, columns, table);
}

static void flag_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " raises a kind",
           json_integer_value(json_object_get(answer, "repeats")));
}

const struct probe flag_probe = {
    .name = "flag",
    .summary = "early-exit flags: from a raise to the last rank's stop, and what a poll costs",
    .item = "raise",
    .example = "--kind auto --repeat 200",
    .options = options,
    .measurable = true,
    .parameters_size = sizeof(struct flag),
    .heeds = heeds,
    .validate = flag_validate,
    .run = flag_run,
    .tabulate_run = flag_tabulate,
    .brief = flag_brief,
};
