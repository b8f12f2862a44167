#include "app/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/listing.h"
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
     "how large the next chunk is [factoring; dynamic with --order descending; equal parts "
     "with scatter]"},
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
    {"-v", OPTION_SWITCH, offsetof(struct common, verbose), NULL, NULL, NULL, 0, 0, false,
     "show what each rank did"},
    {0},
};

static_assert(sizeof common_options / sizeof common_options[0] <= COMMON_OPTIONS_MOST,
              "COMMON_OPTIONS_MOST is too small");

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

static enum status check_flag(const struct plan *plan, struct fault *fault) {
  const struct common *common = &plan->common;
  struct redis_server server;
  bool is_probe = plan->count > 0 && plan->cases[0].subject.probe != NULL; /* that heeds --redis */
  bool by_redis = strcmp(common->flag, "redis") == 0;
  if (by_redis && redis_library_version() == NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "--flag: 'redis' needs libhiredis, which this build lacks: accepted are "
                     "auto, ibcast, window, rma, server and none");
  }
  if (common->redis == NULL) {
    return STATUS_OK;
  }
  if (!by_redis && !is_probe) {
    return fault_set(fault, STATUS_USAGE, "--redis: only --flag redis asks a server");
  }
  return redis_server_parse(common->redis, "--redis", &server, fault);
}

static enum status check_order(const struct plan *plan, struct fault *fault) {
  for (size_t i = 0; i < plan->count; i++) {
    const struct workload *workload = plan->cases[i].subject.workload;
    if (workload != NULL && order_find(plan->common.order)->needs_cost && workload->cost == NULL) {
      return fault_set(fault, STATUS_USAGE,
                       "--order: '%s' needs to know what items cost, and all of %s's cost about "
                       "the same: accepted are natural and random",
                       plan->common.order, workload->name);
    }
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

enum status plan_check(const struct plan *plan, struct fault *fault) {
  if (check_dispatch(&plan->common, fault) != STATUS_OK || check_flag(plan, fault) != STATUS_OK ||
      check_order(plan, fault) != STATUS_OK) {
    return fault->status;
  }
  return check_stdout(plan, fault);
}

void plan_free(struct plan *plan) {
  for (size_t i = 0; i < plan->count; i++) {
    struct planned_case *planned = &plan->cases[i];
    if (planned->parameters != NULL) {
      options_free(planned->subject.options, planned->parameters);
    }
    free(planned->parameters);
    free(planned->title);
  }
  free(plan->cases);
  options_free(common_options, &plan->common);
  *plan = (struct plan){0};
}
