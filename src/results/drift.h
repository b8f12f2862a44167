/* What serial baselines say of the clock between two files, and a ratio of times corrected by it.
   docs/measuring.md tells why there are two ways. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "results/document.h"
#include "statistics/bootstrap.h"

/* B / A once what the serial baselines' times say of the clock is divided out; 99 % intervals. */
struct correction {
  bool known;
  struct ratio drift;     /* of serial baselines' times, B / A */
  struct ratio corrected; /* B / A over that, the interval widened by the drift's */
};

/* By the case's own baseline: what changed in the parallel run and not in the kernel alone. Both
   have a baseline. */
struct correction correct_by_own(const struct result_case *a, const struct result_case *b);

/* By the drifts of other cases' baselines, witnesses[count]: what changed in the kernel too. Not
   known with fewer than three. */
struct correction correct_by_others(const struct result_case *a, const struct result_case *b,
                                    const struct ratio *witnesses, size_t count);

/* 1: the interval lies above 1, -1: below, 0: neither. */
int ratio_side(struct ratio ratio);
