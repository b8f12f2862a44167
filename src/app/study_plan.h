/* Which entries a study has: from the plan and the ranks that were started. */
#pragma once

#include "app/study.h"

/* What is measured in rounds together: entries [first, first + count). */
struct study_group {
  size_t first, count;
};

struct study_plan {
  struct study_entry *entries;
  struct study_group *groups;
  size_t count, group_count;
  struct study_rules rules; /* for each group */
  bool scales;              /* a group is one case on growing numbers of ranks */
};

/* Alike on all ranks; not collective. `ranks` were started. On a fault nothing is held. */
enum status study_plan_make(struct study_plan *study, const struct plan *plan, int ranks,
                            struct fault *fault);

void study_plan_free(struct study_plan *study);
