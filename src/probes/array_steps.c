#include "probes/array_steps.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "kernels/doubles.h"
#include "kernels/uniforms.h"
#include "probes/array_values.h"

enum status array_steps_open(struct array_steps *steps, const struct array_memory *memory,
                             enum array_fill fill, uint64_t seed, struct fault *fault) {
  uint64_t rows = range_length(array_memory_rows(memory, memory->team->node_rank));
  *steps = (struct array_steps){.memory = memory,
                                .fill = fill,
                                .seed = seed,
                                .streaming =
                                    doubles_pay_streaming(rows * memory->cols * sizeof(double))};
  steps->findings.rows = rows;
  steps->findings.node = (int32_t)memory->first_place;
  steps->findings.node_rows = range_length(memory->node_rows);
  size_t counts = (size_t)memory->team->size + ARRAY_OTHER_COUNTS;
  steps->counts = calloc(counts, sizeof *steps->counts);
  return steps->counts == NULL ? fault_set(fault, STATUS_FAILED, "out of memory") : STATUS_OK;
}

void array_steps_close(struct array_steps *steps) {
  free(steps->counts);
}

/* The rows of one of the node's ranks, one after the other. */
struct part {
  double *values;
  uint64_t first, count; /* values before them in the whole array; values */
  int rank;
};

/* The rank that sits `ahead` places after this one on the node, or this one: counted in a circle.
 */
static struct part part_of(const struct array_steps *steps, int ahead) {
  const struct array_memory *memory = steps->memory;
  int node_rank = (memory->team->node_rank + ahead) % memory->team->node_size;
  struct range rows = array_memory_rows(memory, node_rank);
  return (struct part){.values = array_memory_row(memory, rows.lo),
                       .first = rows.lo * memory->cols,
                       .count = range_length(rows) * memory->cols,
                       .rank = memory->ranks[node_rank]};
}

static void touch(struct array_steps *steps) {
  struct part own = part_of(steps, 0);
  PICK_CLONE(doubles_fill)(own.values, own.count, ARRAY_DEFAULT);
}

/* Whose rows are made again: not its own, nor those that it verifies, where there are others. */
static int remade_ahead(const struct array_steps *steps) {
  return steps->memory->team->node_size > 2 ? 2 : 1;
}

static void look_into_pages(struct part part) {
  const uint64_t page = 4096 / sizeof(double); /* no page is smaller */
  for (uint64_t i = 0; i < part.count; i += page) {
    (void)*(volatile const double *)&part.values[i];
  }
}

static void map(struct array_steps *steps) {
  look_into_pages(part_of(steps, 1));
  if (steps->fill == ARRAY_FILL_RANDOM) {
    look_into_pages(part_of(steps, remade_ahead(steps)));
  }
}

static void expect(struct array_steps *steps) {
  struct part own = part_of(steps, 0);
  int ranks = steps->memory->team->size;
  array_count_values(own.values, own.count, ranks, steps->counts);
  steps->findings.unexpected = own.count - steps->counts[ranks + ARRAY_DEFAULTS];
  memset(steps->counts, 0, ((size_t)ranks + ARRAY_OTHER_COUNTS) * sizeof *steps->counts);
}

static void write_rows(struct array_steps *steps) {
  struct part own = part_of(steps, 0);
  double mark = array_mark(own.rank);
  if (steps->fill == ARRAY_FILL_RANDOM) {
    uniforms_fill(steps->seed, own.first, own.count, steps->streaming, own.values);
  } else if (steps->streaming) {
    PICK_CLONE(doubles_stream)(own.values, own.count, mark);
  } else {
    PICK_CLONE(doubles_fill)(own.values, own.count, mark);
  }
}

static void set_sum(uint128_t sum, uint64_t words[2]) {
  words[0] = (uint64_t)sum;
  words[1] = (uint64_t)(sum >> 64);
}

uint128_t array_sum(const uint64_t sum[2]) {
  return (uint128_t)sum[1] << 64 | sum[0];
}

static void verify(struct array_steps *steps) {
  struct part part = part_of(steps, 1);
  steps->findings.verified = part.rank;
  if (steps->fill == ARRAY_FILL_RANDOM) {
    set_sum(uniforms_sum(part.values, part.count), steps->findings.seen_sum);
    return;
  }
  array_count_values(part.values, part.count, steps->memory->team->size, steps->counts);
  steps->findings.confirmed = steps->counts[part.rank];
}

static void remake(struct array_steps *steps) {
  struct part part = part_of(steps, remade_ahead(steps));
  uint128_t sum;
  uint64_t different = uniforms_compare(steps->seed, part.first, part.count, part.values, &sum);
  steps->findings.remade = part.rank;
  steps->findings.confirmed = part.count - different;
  set_sum(sum, steps->findings.made_sum);
}

static double shared_clock(const struct array_steps *steps) {
  return clock_seconds() + steps->memory->team->clock_offset;
}

/* Collective: all begin together, and see what was stored in the step before. */
static void take(struct array_steps *steps, enum array_step step,
                 void (*act)(struct array_steps *steps)) {
  array_memory_exchange(steps->memory);
  steps->findings.start[step] = shared_clock(steps);
  act(steps);
  steps->findings.end[step] = shared_clock(steps);
}

void array_steps_touch(struct array_steps *steps) {
  take(steps, ARRAY_TOUCH, touch);
  take(steps, ARRAY_MAP, map);
}

void array_steps_expect(struct array_steps *steps) {
  take(steps, ARRAY_EXPECT, expect);
}

void array_steps_write(struct array_steps *steps) {
  take(steps, ARRAY_WRITE, write_rows);
}

void array_steps_verify(struct array_steps *steps) {
  take(steps, ARRAY_VERIFY, verify);
  if (steps->fill == ARRAY_FILL_RANDOM) {
    take(steps, ARRAY_REMAKE, remake);
  }
}
