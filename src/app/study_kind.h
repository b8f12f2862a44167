/* What a study asks of its cases. Workloads and probes are opened, run and judged in different
   ways; all else, rounds and repeats, is the same (app/study.c). Collective over the ranks of the
   entry, unless said otherwise; they all get the same status. */
#pragma once

#include "app/study.h"

struct study_kind {
  /* Load, prepare, share; says whether there are serial runs (entry->runs_alone). On a fault
     nothing is left open. */
  enum status (*open)(struct study_entry *entry, struct fault *fault);

  /* One run. `watch`: who looks on from within, on rank 0; NULL: nobody, for it is measured. */
  enum status (*run)(struct study_entry *entry, struct watch *watch, struct pool_report *report,
                     struct fault *fault);

  /* After the warm-up: rank 0 finds out what it came to, when no time that is allowed for measuring
     runs; should a signal end the study, it must be there. */
  enum status (*keep)(struct study_entry *entry, struct fault *fault);

  /* One run on rank 0 alone, the others asleep. *alone is rank 0's. */
  enum status (*run_alone)(struct study_entry *entry, struct pool_alone *alone,
                           struct fault *fault);

  /* What the cores themselves allow: prepare, and one run of the kernel alone on every rank at
     once, of the job that one rank alone does. *mean as of pool_run_at_once. NULL: that cannot be
     told. On a fault of open_at_once nothing is left open. */
  enum status (*open_at_once)(struct study_entry *entry, struct fault *fault);
  enum status (*run_at_once)(struct study_entry *entry, struct pool_alone *mean,
                             struct fault *fault);

  /* Rank 0: whether the entry's last run, and the last one alone of `baseline`, found the same.
     baseline: the entry, or another one of the same job. */
  bool (*agrees)(const struct study_entry *entry, const struct study_entry *baseline);

  /* After the last round: the outcome, on rank 0, and whether every check was right. */
  enum status (*finish)(struct study_entry *entry, struct outcome *outcome, bool *right,
                        struct fault *fault);

  /* Rank 0. The outcome's objects are taken over. */
  json_t *(*record)(const struct study_entry *entry, const struct outcome *outcome,
                    const struct pool_report *report, const struct timings *timings);

  /* Rank 0: whether the work needs a core while it is done. */
  bool (*needs_core)(const struct study_entry *entry);

  /* Processor time is known, in reports and of runs alone. */
  bool tells_core;

  void (*close)(struct study_entry *entry);
};

extern const struct study_kind study_of_workload, study_of_probe;
