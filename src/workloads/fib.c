/* fib: pure processor work. Every task is the naive recursion for the same number, one task a rank
   unless said otherwise: weak scaling, and what happens past the number of cores. */
#include "kernels/fib.h"

#include <stdio.h>

#include "workloads/workload.h"

struct fib {
  uint64_t n;
  uint64_t tasks; /* 0: one a worker */
};

static const struct option_row options[] = {
    {"N", OPTION_INTEGER, offsetof(struct fib, n), NULL, NULL, NULL, 0, FIB_LAST, false,
     "which Fibonacci number; each step up takes 1.6 times as long"},
    {"--tasks", OPTION_COUNT, offsetof(struct fib, tasks), "T", NULL, NULL, 1, 0, false,
     "how many times it is computed [once a rank, or once each of its threads]"},
    {0},
};

static const struct fib *parameters_of(const struct job *job) {
  return job->parameters;
}

/* Once a rank grows with the ranks by itself. */
static bool fib_enlarge(void *parameters, uint64_t factor) {
  struct fib *job = parameters;
  return !__builtin_mul_overflow(job->tasks, factor, &job->tasks);
}

static uint64_t fib_items(const struct job *job) {
  uint64_t tasks = parameters_of(job)->tasks;
  return tasks != 0 ? tasks : job->workers;
}

/* Tasks done, the sum of their results and the least result: all results are right when the least
   one is and the mean is. */
static struct tally_shape fib_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .wide_sums = 1, .minima = 1};
}

static enum status fib_run(const struct job *job, struct range range, struct tally *tally,
                           struct fault *fault) {
  (void)fault;
  for (uint64_t task = range.lo; task < range.hi; task++) {
    uint64_t value = fib_recursive(parameters_of(job)->n);
    tally->sums[0]++;
    tally->wide_sums[0] += value;
    tally->minima[0] = value < tally->minima[0] ? value : tally->minima[0];
  }
  return STATUS_OK;
}

static enum status fib_finish(const struct job *job, const struct tally *tally,
                              struct outcome *outcome, struct fault *fault) {
  (void)fault;
  uint64_t tasks = fib_items(job);
  uint64_t expected = fib_iterated(parameters_of(job)->n);
  char value[UINT128_TEXT];
  json_object_set_new(outcome->answer, "value", json_string(uint128_text(tally->minima[0], value)));
  json_object_set_new(outcome->answer, "tasks", json_integer((json_int_t)tally->sums[0]));
  bool all = tally->sums[0] == tasks;
  bool right =
      tally->minima[0] == expected && tally->wide_sums[0] == (uint128_t)tally->sums[0] * expected;
  outcome->right = all && right;
  snprintf(outcome->check, sizeof outcome->check, "%s, %s",
           right ? "every task found what adding up finds" : "a task found ANOTHER VALUE",
           all ? "and none is missing" : "the number of tasks is WRONG");
  return STATUS_OK;
}

static void fib_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%s", json_string_value(json_object_get(answer, "value")));
}

const struct workload fib_workload = {
    .name = "fib",
    .summary = "pure processor work: Fibonacci numbers by the naive recursion",
    .item = "task",
    .example = "34",
    .options = options,
    .parameters_size = sizeof(struct fib),
    .items = fib_items,
    .enlarge = fib_enlarge,
    .shape = fib_shape,
    .run = fib_run,
    .finish = fib_finish,
    .brief = fib_brief,
};
