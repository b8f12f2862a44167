/* counter: every rank adds 1 to one counter that they share, in all the ways there are, right and
   wrong. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "probes/counter_trial.h"
#include "probes/kinds.h"
#include "probes/probe.h"

struct counter {
  uint64_t increments;
  char *kind;
  char *file;
};

/* So many that the sum over ranks still fits. */
#define MOST_INCREMENTS (UINT64_C(1) << 40)

static const struct option_row options[] = {
    {"--increments", OPTION_COUNT, offsetof(struct counter, increments), "N", "1000", NULL, 1,
     MOST_INCREMENTS, false, "times that every rank adds 1"},
    {"--kind", OPTION_CHOICE, offsetof(struct counter, kind), NULL, "all",
     "all|" COUNTER_KIND_NAMES, 0, 0, false,
     "how the counter is kept; all: one after the other, those that can work here"},
    {"--file", OPTION_TEXT, offsetof(struct counter, file), "PATH", NULL, NULL, 0, 0, false,
     "a new file for the kinds file and file-lock, shared by all hosts [one in TMPDIR or /tmp]"},
    {0},
};

static const char *const heeds[] = {"--redis", NULL};

#define KIND_LIST(name) &name##_counter,
const struct counter_kind *const counter_kinds[] = {COUNTER_KINDS(KIND_LIST) NULL};
#undef KIND_LIST

static enum status counter_validate(void *parameters, struct fault *fault) {
  const struct counter *counter = parameters;
  if (counter->file != NULL && !kinds_wanted(counter->kind, file_counter.name) &&
      !kinds_wanted(counter->kind, file_lock_counter.name)) {
    return fault_set(fault, STATUS_USAGE,
                     "--file: %s is kept elsewhere: accepted with --kind all, file and file-lock",
                     counter->kind);
  }
  return kinds_check_build(counter->kind, fault);
}

/* What rank 0 has found so far. */
struct findings {
  json_t *kinds; /* a record each */
  int tried, safe;
  double seconds, busy_max, busy_mean;
  uint64_t added;
  char wrong[60];   /* a kind that is safe and lost some all the same */
  char unsafe[100]; /* what the unsafe ones lost */
};

static json_t *record_of(const struct counter_trial *trial) {
  if (trial->left_out[0] != '\0') {
    return kinds_left_out(trial->kind->name, trial->left_out);
  }
  json_t *record = kinds_record(trial->kind->name);
  json_object_set_new(record, "safe", json_boolean(trial->kind->safe));
  json_object_set_new(record, "expected", json_integer((json_int_t)trial->expected));
  json_object_set_new(record, "counted", json_integer((json_int_t)trial->counted));
  json_object_set_new(record, "lost", json_integer(counter_trial_lost(trial)));
  json_object_set_new(record, "ns_per_increment",
                      json_real(1e9 * counter_trial_seconds_each(trial)));
  return record;
}

static void note(struct findings *findings, const struct counter_trial *trial) {
  const struct counter_kind *kind = trial->kind;
  json_array_append_new(findings->kinds, record_of(trial));
  if (trial->left_out[0] != '\0') {
    return;
  }
  int64_t lost = counter_trial_lost(trial);
  size_t used = strlen(findings->unsafe);
  findings->tried++;
  findings->safe += kind->safe;
  findings->seconds += trial->seconds;
  findings->busy_max += trial->busy_max;
  findings->busy_mean += trial->busy_mean;
  findings->added += trial->expected;
  if (!kind->safe) {
    snprintf(findings->unsafe + used, sizeof findings->unsafe - used,
             "%s%s lost %" PRId64 " of %" PRIu64, used == 0 ? "" : ", ", kind->name, lost,
             trial->expected);
  } else if (lost != 0) {
    snprintf(findings->wrong, sizeof findings->wrong, "%s LOST %" PRId64 " of %" PRIu64, kind->name,
             lost, trial->expected);
  }
}

static void check(const struct findings *findings, char *text, size_t size) {
  int safe = findings->safe;
  const char *unsafe = findings->unsafe;
  const char *unsafe_begins = *unsafe == '\0' ? "" : safe > 0 ? "; unsafe: " : "unsafe: ";
  char verdict[80] = "";
  if (findings->wrong[0] != '\0') {
    snprintf(verdict, sizeof verdict, "%s", findings->wrong);
  } else if (safe > 0) {
    snprintf(verdict, sizeof verdict, "%d safe kind%s lost nothing", safe, safe == 1 ? "" : "s");
  }
  snprintf(text, size, "%s%s%s", verdict, unsafe_begins, unsafe);
}

static void report(const struct findings *findings, const struct probe_job *job,
                   struct outcome *outcome, struct probe_report *report) {
  const struct counter *counter = job->parameters;
  json_t *facts = outcome->facts;
  kinds_put(facts, findings->kinds, kinds_all(counter->kind));
  json_object_set_new(facts, "chunks", json_integer((json_int_t)findings->tried * job->team->size));
  json_object_set_new(facts, "busy_max", json_real(findings->busy_max));
  json_object_set_new(facts, "busy_mean", json_real(findings->busy_mean));
  json_object_set_new(outcome->answer, "increments", json_integer((json_int_t)counter->increments));
  outcome->right = findings->wrong[0] == '\0';
  check(findings, outcome->check, sizeof outcome->check);
  *report = (struct probe_report){.items = findings->added, .seconds = findings->seconds};
}

/* What was asked for by an option of its own must work; of the others, those that can. */
static bool may_be_left_out(const struct counter *counter, const struct counter_place *place,
                            const struct counter_kind *kind) {
  return kinds_all(counter->kind) && !(place->file != NULL && kind->open == file_counter.open) &&
         !(place->redis != NULL && kind == &redis_counter);
}

static enum status try_kinds(const struct probe_job *job, struct findings *findings,
                             struct fault *fault) {
  const struct counter *counter = job->parameters;
  const struct counter_place place = {
      .team = job->team, .file = counter->file, .redis = job->redis};
  for (size_t i = 0; counter_kinds[i] != NULL; i++) {
    const struct counter_kind *kind = counter_kinds[i];
    struct counter_trial trial;
    if (!kinds_wanted(counter->kind, kind->name)) {
      continue;
    }
    counter_trial_run(kind, &place, counter->increments, &trial, fault);
    if (trial.left_out[0] != '\0' && may_be_left_out(counter, &place, kind)) {
      fault->status = STATUS_OK;
    } else if (trial.left_out[0] != '\0') {
      return fault_set(fault, fault->status, "counter: %s", trial.left_out);
    }
    if (fault->status != STATUS_OK) {
      return fault->status;
    }
    if (job->team->rank == 0) {
      note(findings, &trial);
    }
  }
  return STATUS_OK;
}

static enum status counter_run(const struct probe_job *job, struct outcome *outcome,
                               struct probe_report *probe_report, struct fault *fault) {
  const struct counter *counter = job->parameters;
  if (kinds_check_server("counter", counter->kind, job->redis, fault) != STATUS_OK) {
    return fault->status;
  }
  struct findings findings = {.kinds = json_array()};
  enum status status = try_kinds(job, &findings, fault);
  if (status == STATUS_OK && job->team->rank == 0) {
    report(&findings, job, outcome, probe_report);
  }
  json_decref(findings.kinds);
  return status;
}

static void counter_tabulate(const json_t *facts, struct table *table) {
  static const struct kinds_column columns[] = {{"safe", "safe", 0},
                                                {"expected", "expected", 0},
                                                {"counted", "counted", 0},
                                                {"lost", "lost", 0},
                                                {"ns_per_increment", "ns_per_increment", 1},
                                                {0}};
  kinds_tabulate(facts, columns, table);
}

static void counter_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " increments a rank",
           json_integer_value(json_object_get(answer, "increments")));
}

const struct probe counter_probe = {
    .name = "counter",
    .summary = "one counter that all ranks add to, kept in every way, safe and unsafe",
    .item = "increment",
    .example = "--increments 1e6 --kind atomic",
    .options = options,
    .measurable = true,
    .parameters_size = sizeof(struct counter),
    .heeds = heeds,
    .validate = counter_validate,
    .run = counter_run,
    .tabulate_run = counter_tabulate,
    .brief = counter_brief,
};
