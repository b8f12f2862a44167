/* What all ranks found, brought together on rank 0 and judged. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/array_steps.h"

struct array_verdict {
  const struct array_memory *memory;
  enum array_fill fill;
  bool streaming;
  struct array_findings *findings; /* of each rank; here and below on rank 0 only */
  uint64_t *counts; /* how often each value occurs in the whole array; not for random ones */
};

/* Collective, after the last step. On a fault (out of memory) all ranks get the same. */
enum status array_verdict_open(struct array_verdict *verdict, const struct array_steps *steps,
                               struct fault *fault);
void array_verdict_close(struct array_verdict *verdict);

/* The others on rank 0 only. */

/* Whether everything is as it should be, and a line that says what was looked at or is wrong. */
bool array_verdict_right(const struct array_verdict *verdict, char *text, size_t size);

/* Values that were found to be what they should be. */
uint64_t array_verdict_confirmed(const struct array_verdict *verdict);

/* Sum of the random values, in units of 2^-53. */
uint128_t array_verdict_sum(const struct array_verdict *verdict);

/* From the first rank's start of a step to the last rank's end; 0 when it was not done. */
double array_verdict_seconds(const struct array_verdict *verdict, enum array_step step);

/* What this run was like, as docs/probes.md has it. */
void array_verdict_facts(const struct array_verdict *verdict, json_t *facts);
