#include "app/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/listing.h"
#include "core/number.h"
#include "core/redis.h"
#include "flags/flag.h"
#include "formats/format.h"
#include "orders/order.h"
#include "pool/crew.h"
#include "pool/dispatcher.h"

const struct option_row common_options[] = {
    {"--seed", OPTION_COUNT, offsetof(struct common, seed), "S", "1", NULL, 0, 0, false,
     "seed of all random numbers"},
    {"--dispatch", OPTION_CHOICE, offsetof(struct common, dispatch), NULL, "node", DISPATCHER_NAMES,
     0, 0, false,
     "how work reaches ranks: drawn in each node, from rank 0 by message or by one-sided MPI, "
     "or one part each"},
    {"--schedule", OPTION_CHOICE, offsetof(struct common, schedule), NULL, NULL, SCHEDULE_NAMES, 0,
     0, false,
     "how large the next chunk is [factoring; on one worker static; dynamic with --order "
     "descending; equal parts with scatter]"},
    {"--chunk", OPTION_COUNT, offsetof(struct common, chunk), "N", NULL, NULL, 1, 0, false,
     "items of a chunk, or of the smallest one [the schedule's choice]"},
    {"--order", OPTION_CHOICE, offsetof(struct common, order), NULL, "natural", ORDER_NAMES, 0, 0,
     false, "which items come first: the first ones, shuffled, the most expensive ones"},
    {"--flag", OPTION_CHOICE, offsetof(struct common, flag), NULL, "auto", FLAG_NAMES, 0, 0, false,
     "how ranks tell one another to stop early"},
    {"--poll", OPTION_COUNT, offsetof(struct common, poll), "N", NULL, NULL, 1, 0, false,
     "look at the flag after so many items, or the fewest the workload can cut [0.5 ms of work]"},
    {"--redis", OPTION_TEXT, offsetof(struct common, redis), "HOST:PORT", NULL, NULL, 0, 0, false,
     "the Redis server to use [PARBENCH_REDIS; password: PARBENCH_REDIS_PASSWORD(_FILE)]"},
    {"--threads", OPTION_COUNT, offsetof(struct common, threads), "T", "1", NULL, 1, CREW_MOST,
     false, "workers of each rank; bind ranks to enough cores (mpirun --bind-to none)"},
    {"--format", OPTION_CHOICE, offsetof(struct common, format), NULL, "text", FORMAT_NAMES, 0, 0,
     false, "of the results"},
    {"--output", OPTION_TEXT, offsetof(struct common, output), "FILE", NULL, NULL, 0, 0, false,
     "write the results there instead of stdout"},
    {"--json", OPTION_TEXT, offsetof(struct common, json), "FILE", NULL, NULL, 0, 0, false,
     "write the results there as JSON too"},
    {"--progress", OPTION_CHOICE, offsetof(struct common, progress), NULL, "auto",
     "auto|always|never", 0, 0, false,
     "how far jobs and studies are, on stderr: auto is on a terminal only"},
    {"-v", OPTION_SWITCH, offsetof(struct common, verbose), NULL, NULL, NULL, 0, 0, false,
     "show what each rank did"},
    {"--timeline", OPTION_SWITCH, offsetof(struct common, timeline), NULL, NULL, NULL, 0, 0, false,
     "show when each rank worked and had a core for it"},
    {0},
};

static_assert(sizeof common_options / sizeof common_options[0] <= COMMON_OPTIONS_MOST,
              "COMMON_OPTIONS_MOST is too small");

#define REL_AND_TIME(bounds)                                                                       \
  {"--rel",                                                                                        \
   OPTION_TEXT,                                                                                    \
   offsetof(struct study, rel),                                                                    \
   "P%",                                                                                           \
   "5%",                                                                                           \
   NULL,                                                                                           \
   0,                                                                                              \
   0,                                                                                              \
   false,                                                                                          \
   "repeat until the 95 % interval of the median is within P percent of it"},                      \
  {                                                                                                \
    "--max-time", OPTION_TEXT, offsetof(struct study, max_time), "T", "20s", NULL, 0, 0, false,    \
        "but no longer than this for " bounds                                                      \
  }

static const struct option_row no_options[] = {{0}};
static const struct option_row suite_options[] = {REL_AND_TIME("all cases together"), {0}};
static const struct option_row measure_options[] = {REL_AND_TIME("a case"), {0}};
static const struct option_row scale_options[] = {
    REL_AND_TIME("a case"),
    {"--ranks", OPTION_TEXT, offsetof(struct study, ranks), "LIST", NULL, NULL, 0, 0, false,
     "numbers of ranks, such as 1,2,8 [1, 2, 4 ... and all]"},
    {"--weak", OPTION_SWITCH, offsetof(struct study, weak), NULL, NULL, NULL, 0, 0, false,
     "let the job grow with the ranks"},
    {0},
};
static const struct option_row sweep_options[] = {
    REL_AND_TIME("a case"),
    {"--vary", OPTION_TEXT, offsetof(struct study, vary), "OPTION=LIST", NULL, NULL, 0, 0, false,
     "values of an option, such as chunk=1,8,64; ranks=1,2; given again: all combinations"},
    {0},
};

const struct option_row *study_options(enum command command) {
  switch (command) {
  case COMMAND_SUITE:
    return suite_options;
  case COMMAND_MEASURE:
    return measure_options;
  case COMMAND_SCALE:
    return scale_options;
  case COMMAND_SWEEP:
    return sweep_options;
  default:
    return no_options;
  }
}

enum command plan_command(const char *word) {
  static const struct {
    const char *word;
    enum command command;
  } commands[] = {
      {"measure", COMMAND_MEASURE}, {"scale", COMMAND_SCALE}, {"sweep", COMMAND_SWEEP},
      {"list", COMMAND_LIST},       {"help", COMMAND_HELP},
  };
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].word, word) == 0) {
      return commands[i].command;
    }
  }
  return COMMAND_RUN;
}

/* What scattering cannot do must not be asked of it in vain. */
static enum status check_dispatch(const struct common *common, struct fault *fault) {
  bool equal_parts = strcmp(common->dispatch, "scatter") == 0;
  if (equal_parts && common->schedule != NULL && strcmp(common->schedule, "static") != 0) {
    return fault_set(
        fault, STATUS_USAGE,
        "--schedule: '%s' cannot be scattered: accepted with --dispatch scatter is static",
        common->schedule);
  }
  if (equal_parts && common->chunk != 0) {
    return fault_set(
        fault, STATUS_USAGE,
        "--chunk: scatter hands out one part a rank: accepted are --dispatch node, master and rma");
  }
  return STATUS_OK;
}

static enum status check_flag(const struct plan *plan, const struct planned_case *planned,
                              struct fault *fault) {
  const struct common *common = planned->common;
  struct redis_server server;
  bool is_probe = planned->subject.probe != NULL; /* that heeds --redis */
  bool is_swept = plan->command == COMMAND_SWEEP; /* another combination may ask it */
  bool by_redis = strcmp(common->flag, "redis") == 0;
  if (by_redis && redis_library_version() == NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "--flag: 'redis' needs libhiredis, which this build lacks: accepted are "
                     "auto, ibcast, window, rma, server and none");
  }
  if (common->redis == NULL) {
    return STATUS_OK;
  }
  if (!by_redis && !is_probe && !is_swept) {
    return fault_set(fault, STATUS_USAGE, "--redis: only --flag redis asks a server");
  }
  return redis_server_parse(common->redis, "--redis", &server, fault);
}

static enum status check_order(const struct planned_case *planned, struct fault *fault) {
  const struct workload *workload = planned->subject.workload;
  const char *order = planned->common->order;
  if (workload != NULL && order_find(order)->needs_cost && workload->cost == NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "--order: '%s' needs to know what items cost, and all of %s's cost about "
                     "the same: accepted are natural and random",
                     order, workload->name);
  }
  return STATUS_OK;
}

/* Measuring needs a job whose time says something. */
static enum status check_subject(const struct plan *plan, const struct planned_case *planned,
                                 struct fault *fault) {
  const struct subject *subject = &planned->subject;
  bool once = plan->command == COMMAND_RUN || plan->command == COMMAND_TOOL;
  bool measurable =
      subject->workload != NULL || (subject->probe != NULL && subject->probe->measurable);
  if (!once && !measurable) {
    return fault_set(fault, STATUS_USAGE,
                     "%s cannot be measured: accepted are workloads and the probes queue, counter, "
                     "flag and array",
                     subject->name);
  }
  const char *path;
  if (!once && subject->list_wanted != NULL && subject->list_wanted(planned->parameters, &path)) {
    return fault_set(fault, STATUS_USAGE,
                     "%s: a list is made by a job that is done once: leave --print and --write out",
                     subject->name);
  }
  if (plan->study.weak && (subject->workload == NULL || subject->workload->enlarge == NULL)) {
    return fault_set(fault, STATUS_USAGE, "--weak: a job of %s cannot grow: leave it out",
                     subject->name);
  }
  return STATUS_OK;
}

static enum status parse_max_time(struct study *study, struct fault *fault) {
  char example[NUMBER_TEXT];
  enum number_result result = number_parse_time(study->max_time, &study->seconds);
  if (result == NUMBER_OK) {
    return STATUS_OK;
  }
  return fault_set(
      fault, STATUS_USAGE, "--max-time: '%s' %s: accepted are times such as %s, 1.5ms or 1min",
      study->max_time, result == NUMBER_MALFORMED ? "is not a time" : number_complaint(result),
      number_time_example(study->max_time, result, example));
}

static enum status parse_study(struct study *study, struct fault *fault) {
  double percent;
  char *end;
  if (study->rel == NULL) {
    return STATUS_OK; /* no measuring */
  }
  percent = strtod(study->rel, &end);
  if (end == study->rel || strcmp(end, "%") != 0 || !(percent > 0 && percent <= 100)) {
    return fault_set(fault, STATUS_USAGE,
                     "--rel: '%s' is no share: accepted are percentages such as 5%%", study->rel);
  }
  study->relative = percent / 100;
  return parse_max_time(study, fault);
}

/* The first round would be made all the same, and look like a measurement. */
static enum status check_time(const struct study *study, struct fault *fault) {
  if (study->max_time != NULL && !(study->seconds > 0)) {
    return fault_set(fault, STATUS_USAGE,
                     "--max-time: '%s' leaves no time to measure: accepted are times above 0",
                     study->max_time);
  }
  return STATUS_OK;
}

/* The list and the report cannot share stdout, unless the report is for people: then it goes to
   stderr. */
static enum status check_stdout(const struct plan *plan, struct fault *fault) {
  if (plan->count > 0 && listing_takes_stdout(&plan->cases[0]) && plan->common.output == NULL &&
      strcmp(plan->common.format, "text") != 0) {
    return fault_set(fault, STATUS_USAGE,
                     "--print and --format %s both take stdout: accepted beside --print are --json "
                     "FILE and --output FILE",
                     plan->common.format);
  }
  return STATUS_OK;
}

enum status plan_check(struct plan *plan, struct fault *fault) {
  if (parse_study(&plan->study, fault) != STATUS_OK ||
      check_time(&plan->study, fault) != STATUS_OK ||
      check_dispatch(&plan->common, fault) != STATUS_OK) {
    return fault->status;
  }
  for (size_t i = 0; i < plan->count; i++) {
    const struct planned_case *planned = &plan->cases[i];
    if (check_dispatch(planned->common, fault) != STATUS_OK ||
        check_flag(plan, planned, fault) != STATUS_OK || check_order(planned, fault) != STATUS_OK ||
        check_subject(plan, planned, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return check_stdout(plan, fault);
}

int plan_most_threads(const struct plan *plan) {
  uint64_t most = plan->common.threads;
  for (size_t i = 0; i < plan->count; i++) {
    uint64_t threads = plan->cases[i].common->threads;
    most = threads > most ? threads : most;
  }
  return (int)most;
}

void plan_free(struct plan *plan) {
  for (size_t i = 0; i < plan->count; i++) {
    struct planned_case *planned = &plan->cases[i];
    if (planned->parameters != NULL) {
      options_free(planned->subject.options, planned->parameters);
    }
    free(planned->parameters);
    free(planned->title);
    free(planned->label);
    if (planned->own_common != NULL) {
      options_free(common_options, planned->own_common);
      free(planned->own_common);
    }
  }
  free(plan->cases);
  options_free(common_options, &plan->common);
  free(plan->study.rel);
  free(plan->study.max_time);
  free(plan->study.ranks);
  free(plan->study.vary);
  *plan = (struct plan){0};
}
