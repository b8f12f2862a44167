/* sleep: tasks of known cost. Measures how work is handed out, and nothing else: with more ranks
   than cores and in simulations by sleeping, with --burn by computing. */
#include <stdio.h>

#include "kernels/cost.h"
#include "kernels/spend.h"
#include "workloads/workload.h"

struct sleep {
  uint64_t tasks;
  const char *cost_text;
  bool burn;
  struct cost cost; /* from cost_text */
};

static const struct option_row options[] = {
    {"--tasks", OPTION_COUNT, offsetof(struct sleep, tasks), "N", "1000", NULL, 1, 0, false,
     "tasks to sleep through"},
    {"--cost", OPTION_TEXT, offsetof(struct sleep, cost_text), "C", "1ms", NULL, 0, 0, false,
     "of a task: 1ms, or uniform:, exponential:, bimodal: or increasing:1ms"},
    {"--burn", OPTION_SWITCH, offsetof(struct sleep, burn), NULL, NULL, NULL, 0, 0, false,
     "compute instead of sleeping, for as much processor time"},
    {0},
};

static const struct sleep *parameters_of(const struct job *job) {
  return job->parameters;
}

static enum status sleep_validate(void *parameters, struct fault *fault) {
  struct sleep *sleep = parameters;
  return cost_parse(sleep->cost_text, &sleep->cost, fault);
}

static bool sleep_enlarge(void *parameters, uint64_t factor) {
  struct sleep *job = parameters;
  return !__builtin_mul_overflow(job->tasks, factor, &job->tasks);
}

static uint64_t sleep_items(const struct job *job) {
  return parameters_of(job)->tasks;
}

static double sleep_cost(const struct job *job, struct range range) {
  const struct sleep *sleep = parameters_of(job);
  double cost = 0;
  for (uint64_t task = range.lo; task < range.hi; task++) {
    cost += cost_of(&sleep->cost, job->seed, task, sleep->tasks);
  }
  return cost;
}

static bool sleep_needs_core(const struct job *job) {
  return parameters_of(job)->burn;
}

/* Costs are added up in whole nanoseconds, so that their sum does not depend on the order. The
   greatest is kept as the least of the complements. */
enum { TASK_NUMBERS, NANOSECONDS, WIDE_SUMS };

static struct tally_shape sleep_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .wide_sums = WIDE_SUMS, .minima = 1};
}

static void count_task(struct tally *tally, uint64_t task, double cost) {
  uint64_t nanoseconds = (uint64_t)(1e9 * cost + 0.5);
  tally->sums[0]++;
  tally->wide_sums[TASK_NUMBERS] += task;
  tally->wide_sums[NANOSECONDS] += nanoseconds;
  tally->minima[0] = ~nanoseconds < tally->minima[0] ? ~nanoseconds : tally->minima[0];
}

static enum status sleep_run(const struct job *job, struct range range, struct tally *tally,
                             struct fault *fault) {
  (void)fault;
  const struct sleep *sleep = parameters_of(job);
  struct spender spender;
  spend_start(&spender, sleep->burn);
  for (uint64_t task = range.lo; task < range.hi; task++) {
    double cost = cost_of(&sleep->cost, job->seed, task, sleep->tasks);
    spend(&spender, cost);
    count_task(tally, task, cost);
  }
  spend_stop();
  return STATUS_OK;
}

static enum status sleep_finish(const struct job *job, const struct tally *tally,
                                struct outcome *outcome, struct fault *fault) {
  (void)fault;
  uint64_t tasks = sleep_items(job);
  uint128_t expected = (uint128_t)tasks * (tasks - 1) / 2;
  uint128_t found = tally->wide_sums[TASK_NUMBERS];
  char sum[UINT128_TEXT];
  json_object_set_new(outcome->answer, "tasks", json_integer((json_int_t)tally->sums[0]));
  json_object_set_new(outcome->answer, "sum", json_string(uint128_text(found, sum)));
  json_object_set_new(outcome->facts, "total_cost_seconds",
                      json_real((double)tally->wide_sums[NANOSECONDS] / 1e9));
  json_object_set_new(outcome->facts, "longest_cost_seconds",
                      json_real((double)~tally->minima[0] / 1e9));
  outcome->right = tally->sums[0] == tasks && found == expected;
  snprintf(outcome->check, sizeof outcome->check, "the task numbers %s up to N(N-1)/2",
           outcome->right ? "add" : "do NOT add");
  return STATUS_OK;
}

static void sleep_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " tasks",
           json_integer_value(json_object_get(answer, "tasks")));
}

const struct workload sleep_workload = {
    .name = "sleep",
    .summary = "tasks of known cost: how evenly work is handed out",
    .item = "task",
    .example = "--tasks 1000 --cost bimodal:1ms",
    .options = options,
    .parameters_size = sizeof(struct sleep),
    .validate = sleep_validate,
    .items = sleep_items,
    .enlarge = sleep_enlarge,
    .cost = sleep_cost,
    .needs_core = sleep_needs_core,
    .shape = sleep_shape,
    .run = sleep_run,
    .finish = sleep_finish,
    .brief = sleep_brief,
};
