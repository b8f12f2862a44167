/* What is seen of a study while it runs: how far it is, on stderr, and, if a signal ends it, the
   results so far. Both only between runs. Rank 0; the other ranks do not call these. */
#pragma once

#include "app/output.h"
#include "app/progress.h"
#include "app/study_eta.h"
#include "app/study_plan.h"

struct study_show {
  const struct study_plan *study;
  struct output *output;
  struct progress progress;
  char title[128];
  struct study_eta eta;
  struct study_pace pace;   /* as last seen */
  double share;             /* as last shown: it never falls */
  struct study_watch watch; /* for study_run */
  size_t first, count;      /* the entries whose rows are not put out yet, as far as is known */
  size_t seen;              /* samples in the results that a signal would leave */
  double next_results;      /* clock_seconds() when those may be made anew */
};

/* mode: as --progress says. Everything is kept. */
void study_show_open(struct study_show *show, const struct study_plan *study, const char *mode,
                     struct output *output);

/* What is to be seen next: the group whose rounds begin. */
void study_show_group(struct study_show *show, const struct study_group *group);

/* Before results are printed, and after the first one that was not printed before is: of the rest a
   signal still leaves what was measured. */
void study_show_hide(struct study_show *show);
void study_show_rest(struct study_show *show);

/* A rank failed in the rounds of the group: put out what was measured until then. */
enum status study_show_failed(struct study_show *show, struct fault *fault);

/* After the group. */
void study_show_next(struct study_show *show);

void study_show_close(struct study_show *show);

/* What stands behind the share: "round 3, up to 12 s left". */
void study_show_text(const struct study_rules *rules, const struct study_pace *pace, double left,
                     char *text, size_t size);
