/* noop: nothing but being handed out. Measures the harness, and shows that no item is lost. */
#include "workloads/workload.h"

#include <stdio.h>

#include "core/uint128.h"

struct noop {
  uint64_t tasks;
};

static const struct option_row options[] = {
    {"--tasks", OPTION_COUNT, offsetof(struct noop, tasks), "N", "1e6", NULL, 1, 0, false,
     "empty tasks"},
    {0},
};

static bool noop_enlarge(void *parameters, uint64_t factor) {
  struct noop *job = parameters;
  return !__builtin_mul_overflow(job->tasks, factor, &job->tasks);
}

static uint64_t noop_items(const struct job *job) {
  return ((const struct noop *)job->parameters)->tasks;
}

static struct tally_shape noop_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .wide_sums = 1};
}

static enum status noop_run(const struct job *job, struct range range, struct tally *tally,
                            struct fault *fault) {
  (void)job, (void)fault;
  for (uint64_t task = range.lo; task < range.hi; task++) {
    tally->sums[0]++;
    tally->wide_sums[0] += task;
  }
  return STATUS_OK;
}

static enum status noop_finish(const struct job *job, const struct tally *tally,
                               struct outcome *outcome, struct fault *fault) {
  (void)fault;
  uint64_t tasks = noop_items(job);
  uint128_t expected = (uint128_t)tasks * (tasks - 1) / 2;
  char sum[UINT128_TEXT];
  json_object_set_new(outcome->answer, "tasks", json_integer((json_int_t)tally->sums[0]));
  json_object_set_new(outcome->answer, "sum", json_string(uint128_text(tally->wide_sums[0], sum)));
  outcome->right = tally->sums[0] == tasks && tally->wide_sums[0] == expected;
  snprintf(outcome->check, sizeof outcome->check, "the task numbers add up to N(N-1)/2");
  return STATUS_OK;
}

static void noop_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " tasks",
           json_integer_value(json_object_get(answer, "tasks")));
}

const struct workload noop_workload = {
    .name = "noop",
    .summary = "empty tasks: what handing out work costs",
    .item = "task",
    .example = "--tasks 1e8",
    .options = options,
    .parameters_size = sizeof(struct noop),
    .items = noop_items,
    .enlarge = noop_enlarge,
    .shape = noop_shape,
    .run = noop_run,
    .finish = noop_finish,
    .brief = noop_brief,
};
