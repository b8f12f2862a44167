/* array: one big array of doubles in shared memory, no copies, written and looked at by all ranks:
   how fast that goes, and what memory it really takes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "probes/array_verdict.h"
#include "probes/probe.h"

struct array {
  uint64_t rows, cols;
  char *fill;
};

static const struct option_row options[] = {
    {"--rows", OPTION_COUNT, offsetof(struct array, rows), "R", "10000", NULL, 1, 0, false,
     "rows, which are split over the nodes and there over the ranks"},
    {"--cols", OPTION_COUNT, offsetof(struct array, cols), "C", "10000", NULL, 1, 0, false,
     "doubles in a row; in all R x C x 8 bytes"},
    {"--fill", OPTION_CHOICE, offsetof(struct array, fill), NULL, "rank", "rank|random", 0, 0,
     false, "what every rank writes: its number, or uniform random numbers of the seed"},
    {0},
};

static enum status array_validate(void *parameters, struct fault *fault) {
  const struct array *array = parameters;
  return array_memory_size(array->rows, array->cols) > 0
             ? STATUS_OK
             : fault_set(fault, STATUS_USAGE,
                         "--rows, --cols: %" PRIu64 " x %" PRIu64
                         " doubles are more than any memory holds: accepted are 2^59 in all",
                         array->rows, array->cols);
}

/* What the processes of a node hold together only adds up while nobody begins anything new. */
static uint64_t proportional_memory(const struct team *team) {
  team_barrier(team, team->comm, WAIT_BRISK);
  uint64_t bytes = memory_proportional();
  team_barrier(team, team->comm, WAIT_BRISK);
  return bytes;
}

static void take_steps(struct array_steps *steps, const struct team *team) {
  array_steps_touch(steps);
  array_steps_expect(steps);
  array_steps_write(steps);
  array_steps_verify(steps);
  steps->findings.memory_after = proportional_memory(team);
  steps->findings.knows_memory = steps->findings.memory_after > 0;
}

static void fill_answer(const struct array_verdict *verdict, json_t *answer) {
  const struct array_memory *memory = verdict->memory;
  char text[UINT128_TEXT];
  json_object_set_new(answer, "rows", json_integer((json_int_t)memory->rows));
  json_object_set_new(answer, "cols", json_integer((json_int_t)memory->cols));
  json_object_set_new(answer, "values", json_integer((json_int_t)array_verdict_confirmed(verdict)));
  if (verdict->fill == ARRAY_FILL_RANDOM) {
    uint128_t sum = array_verdict_sum(verdict);
    double values = (double)memory->rows * (double)memory->cols;
    json_object_set_new(answer, "sum", json_string(uint128_text(sum, text)));
    json_object_set_new(answer, "mean", json_real((double)sum * 0x1p-53 / values));
  }
}

static double seconds_of_all(const struct array_verdict *verdict) {
  double seconds = 0;
  for (int step = 0; step < ARRAY_STEPS; step++) {
    seconds += array_verdict_seconds(verdict, (enum array_step)step);
  }
  return seconds;
}

/* Collective. */
static enum status judge(const struct array_steps *steps, struct outcome *outcome,
                         struct probe_report *report, struct fault *fault) {
  struct array_verdict verdict;
  const struct array_memory *memory = steps->memory;
  enum status status = array_verdict_open(&verdict, steps, fault);
  if (status == STATUS_OK && memory->team->rank == 0) {
    fill_answer(&verdict, outcome->answer);
    array_verdict_facts(&verdict, outcome->facts);
    outcome->right = array_verdict_right(&verdict, outcome->check, sizeof outcome->check);
    *report = (struct probe_report){.items = memory->rows * memory->cols,
                                    .seconds = seconds_of_all(&verdict)};
  }
  array_verdict_close(&verdict);
  return status;
}

static enum status array_run(const struct probe_job *job, struct outcome *outcome,
                             struct probe_report *report, struct fault *fault) {
  const struct array *array = job->parameters;
  const struct team *team = job->team;
  enum array_fill fill = strcmp(array->fill, "random") == 0 ? ARRAY_FILL_RANDOM : ARRAY_FILL_RANK;
  uint64_t before = proportional_memory(team);
  struct array_memory memory;
  if (array_memory_open(&memory, team, array->rows, array->cols, fault) != STATUS_OK) {
    return fault->status;
  }
  struct array_steps steps;
  fault->status = STATUS_OK;
  array_steps_open(&steps, &memory, fill, job->seed, fault);
  if (team_agree(team, fault) == STATUS_OK) {
    steps.findings.memory_before = before;
    take_steps(&steps, team);
    judge(&steps, outcome, report, fault);
  }
  array_steps_close(&steps);
  array_memory_close(&memory);
  return fault->status;
}

static void array_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " doubles",
           json_integer_value(json_object_get(answer, "values")));
}

const struct probe array_probe = {
    .name = "array",
    .summary = "one big array in shared memory, one copy a node, written by all ranks",
    .item = "double",
    .example = "--rows 10000 --cols 26843",
    .options = options,
    .measurable = true,
    .shares_job = true,
    .bound_by_memory = true,
    .parameters_size = sizeof(struct array),
    .validate = array_validate,
    .run = array_run,
    .brief = array_brief,
};
