/* parbench with one workload more, for tests of what a failing task does to a job: takes the place
   of src/workloads/workload.c when the program is linked. */
#include "workloads/workload.h"

#include <inttypes.h>
#include <string.h>

#include "core/clock.h"
#include "kernels/burn.h"

struct failing {
  uint64_t tasks, at, after;
};

static const struct option_row options[] = {
    {"--tasks", OPTION_COUNT, offsetof(struct failing, tasks), "N", "1e9", NULL, 1, 0, false,
     "tasks of 100 us"},
    {"--at", OPTION_COUNT, offsetof(struct failing, at), "N", "0", NULL, 0, 0, false,
     "the task that fails"},
    {"--after", OPTION_COUNT, offsetof(struct failing, after), "N", "0", NULL, 0, 0, false,
     "so often a process does it without failing"},
    {0},
};

static uint64_t failing_items(const struct job *job) {
  return ((const struct failing *)job->parameters)->tasks;
}

static struct tally_shape failing_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1};
}

static enum status failing_run(const struct job *job, struct range range, struct tally *tally,
                               struct fault *fault) {
  static uint64_t fine; /* times */
  const struct failing *failing = job->parameters;
  for (uint64_t task = range.lo; task < range.hi; task++) {
    if (task == failing->at && fine++ >= failing->after) {
      return fault_set(fault, STATUS_FAILED, "task %" PRIu64 " is bad", task);
    }
    burn_until(clock_thread_seconds() + 1e-4);
    tally->sums[0]++;
  }
  return STATUS_OK;
}

static enum status failing_finish(const struct job *job, const struct tally *tally,
                                  struct outcome *outcome, struct fault *fault) {
  (void)fault;
  json_object_set_new(outcome->answer, "tasks", json_integer((json_int_t)tally->sums[0]));
  outcome->right = tally->sums[0] == failing_items(job);
  return STATUS_OK;
}

static void failing_brief(const json_t *answer, char *text, size_t size) {
  (void)answer;
  snprintf(text, size, "done");
}

static const struct workload failing_workload = {
    .name = "failing",
    .summary = "a task that fails",
    .item = "task",
    .example = "--tasks 10 --at 5",
    .options = options,
    .parameters_size = sizeof(struct failing),
    .items = failing_items,
    .shape = failing_shape,
    .run = failing_run,
    .finish = failing_finish,
    .brief = failing_brief,
};

#define WORKLOAD_LIST(name) &name##_workload,
const struct workload *const workloads[] = {WORKLOADS(WORKLOAD_LIST) & failing_workload, NULL};

const struct workload *workload_find(const char *name) {
  for (size_t i = 0; workloads[i] != NULL; i++) {
    if (strcmp(workloads[i]->name, name) == 0) {
      return workloads[i];
    }
  }
  return NULL;
}
