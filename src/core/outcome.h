/* What a workload or a probe came to: its answer, and whether that is right. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

struct outcome {
  json_t *answer;  /* deterministic: the same on any number of ranks; but the doctor's */
  json_t *facts;   /* of this run: tried candidates, the kernel chosen, ... */
  bool right;      /* what the independent check said */
  char check[160]; /* what was checked, or what was wrong; for people */
};

/* Make answer and facts empty objects. */
void outcome_init(struct outcome *outcome);

void outcome_free(struct outcome *outcome);
