/* Are the cases of one result faster or slower than the same cases of another, or is it chance, or
   the machine's clock? docs/measuring.md tells the rules. */
#pragma once

#include <stdbool.h>

#include "core/stats.h"
#include "results/document.h"
#include "results/drift.h"
#include "results/settings.h"
#include "statistics/ranks.h"

enum verdict {
  VERDICT_ONE_SIDED,    /* in one file only */
  VERDICT_WRONG_ANSWER, /* the check failed in a file: its time means nothing */
  VERDICT_NO_REPEATS,   /* one sample tells nothing of chance */
  VERDICT_FEW_REPEATS,  /* no outcome could be significant */
  VERDICT_NONE_SEEN,    /* no difference that is not chance; see `visible` */
  VERDICT_UNCLEAR,      /* the times and the times on an equal clock do not say the same */
  VERDICT_FASTER,       /* B is */
  VERDICT_SLOWER,
};

struct compared_case {
  const struct result_case *a, *b; /* one is NULL for a case that is in one file only */
  int ranks;
  char label[128]; /* "pi samples=1e+08" */
  char name[160];  /* the label, and on how many ranks */
  /* The rest where both are there. */
  struct stats a_stats, b_stats; /* seconds */
  enum verdict verdict;
  /* The rest where the verdict is above VERDICT_NO_REPEATS. */
  struct ratio ratio; /* of median times, B / A; 95 % */
  struct rank_test test;
  struct correction own;    /* by the case's own baseline */
  struct correction others; /* by the other cases', where there are three or more */
  bool by_others;           /* which of the two decided */
  bool alike;               /* the times as they are show no difference */
  double visible;           /* the smallest difference, 0.05 for 5 %, that would rather be seen */
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

/* "none seen" */
const char *verdict_name(enum verdict verdict);

/* Whether its check failed. */
bool has_wrong_answer(const struct result_case *result);

/* Whether the samples of this case allow a verdict, be it "unclear". */
bool is_judged(const struct compared_case *compared);

/* Slower, and surely by more than this many per cent. */
bool is_slower_by(const struct compared_case *compared, double percent);

/* NULL, or why it is not known whether B is slower by more than this many per cent: "unclear". A
   difference of so much would not be seen in a case that is "too noisy". */
const char *why_not_judged(const struct compared_case *compared, double percent);
