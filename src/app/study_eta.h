/* How long a study will still take. Its time allowed bounds the rounds of each group; opening the
   cases, which nothing bounds, is guessed from what was opened so far. Pure arithmetic. */
#pragma once

#include <stddef.h>

#include "app/study.h"

struct study_eta {
  struct study_rules rules;
  size_t groups;   /* in all */
  size_t group;    /* the present one */
  double opening;  /* seconds that opening the groups before took, in all */
  double promised; /* when the present group's rounds end at the latest; 0: not said yet */
};

/* The present group is done; the next one begins. */
void study_eta_next(struct study_eta *eta, const struct study_pace *pace);

/* Seconds until the whole study is done at the latest, at clock_seconds() `now`. What is said of a
   group's rounds never moves back, unless a round takes longer than the one before. */
double study_eta_left(struct study_eta *eta, const struct study_pace *pace, double now);
