/* Are the cases of one result faster or slower than the same cases of another, or is it chance, or
   the machine's clock? docs/measuring.md tells the rules. */
#pragma once

#include <stdbool.h>

#include "core/stats.h"
#include "results/document.h"
#include "results/settings.h"
#include "statistics/bootstrap.h"
#include "statistics/ranks.h"

enum verdict {
  VERDICT_NO_REPEATS,  /* one sample tells nothing of chance */
  VERDICT_FEW_REPEATS, /* no outcome could be significant */
  VERDICT_SAME,        /* no difference that is not chance */
  VERDICT_UNCLEAR,     /* a difference, but the serial baselines differ as well */
  VERDICT_FASTER,      /* B is */
  VERDICT_SLOWER,
};

/* B / A once what the serial baselines' times say of the clock is divided out; 99 % intervals. */
struct correction {
  bool known;
  struct ratio drift;     /* of serial baselines' times, B / A */
  struct ratio corrected; /* B / A over that, the interval widened by the drift's */
};

struct compared_case {
  const struct result_case *a, *b; /* one is NULL for a case that is in one file only */
  char label[128];
  /* The rest where both are there. */
  struct stats a_stats, b_stats; /* seconds */
  enum verdict verdict;
  /* The rest where the verdict is not VERDICT_NO_REPEATS. */
  struct ratio ratio; /* of median times, B / A; 95 % */
  struct rank_test test;
  struct correction own;    /* by the case's own baseline */
  struct correction others; /* by the other cases', where there are three or more */
  bool by_others;           /* which of the two decided */
  double surely;            /* B takes at least (slower) or at most (faster) so many times A */
  struct trend a_trend, b_trend;
  bool answers_differ;
};

struct comparison {
  const struct document *a, *b;
  struct compared_case *cases; /* in A's order, then those in B only; owned */
  size_t count;
};

/* Match the cases by workload, parameters, options and ranks (the k-th of equal ones with the k-th)
   and compare them. On a fault (memory) nothing is left to free. */
enum status comparison_make(const struct document *a, const struct document *b,
                            struct comparison *comparison, struct fault *fault);

void comparison_free(struct comparison *comparison);

/* "no difference" */
const char *verdict_name(enum verdict verdict);

/* Whether anything could be said of this case. */
bool is_judged(const struct compared_case *compared);

/* Slower, and surely by more than this many per cent. */
bool is_slower_by(const struct compared_case *compared, double percent);
