/* One case being done: set-up, runs, the finished record. Collective unless said otherwise. */
#pragma once

#include <jansson.h>

#include "app/plan.h"
#include "formats/format.h"
#include "mpi/shared_block.h"
#include "mpi/team.h"
#include "pool/pool.h"

struct trial {
  const struct planned_case *planned;
  const struct common *common;
  struct pool pool;
  struct job job;
  struct shared_block shared;
  struct tally tally;
  void *enlarged;       /* parameters of a larger job than planned; owned, its texts are not */
  double setup_seconds; /* loading and sharing data, preparing */
};

/* The parameters of a job `factor` times as large as planned, for a workload that can be enlarged:
   malloc'ed, its texts are the planned ones. NULL on a fault. Not collective. */
void *trial_enlarge(const struct planned_case *planned, uint64_t factor, struct fault *fault);

/* Load and share the data, prepare every rank, for a job `factor` times as large as planned (1, or
   where the workload can enlarge it). On a fault everything is undone. */
enum status trial_open(struct trial *trial, struct team *team, const struct planned_case *planned,
                       uint64_t factor, struct fault *fault);

/* One run on all ranks. */
enum status trial_run(struct trial *trial, struct pool_report *report, struct fault *fault);

/* One run of the kernel alone on rank 0, into a tally of its own there, while the other ranks
 * sleep.
 */
enum status trial_run_alone(struct trial *trial, struct tally *tally, struct pool_alone *alone,
                            struct fault *fault);

/* One run of the kernel alone on every rank at once, each for the whole job, into a tally of its
   own. *mean as of pool_run_at_once. */
enum status trial_run_at_once(struct trial *trial, struct tally *tally, struct pool_alone *mean,
                              struct fault *fault);

/* Rank 0, between runs; not collective: the answer of the last run and its check, into an outcome
   that is made here; to be freed on a fault too. */
void trial_look(const struct trial *trial, struct outcome *outcome, struct fault *fault);

/* The same for all. *outcome is filled on rank 0 only; *right on all. made: rank 0's of the same
   tally, if it has looked before, which is taken over; else NULL. */
enum status trial_finish(struct trial *trial, struct outcome *made, struct outcome *outcome,
                         bool *right, struct fault *fault);

/* Whether its work needs a core while it is done. Not collective. */
bool trial_needs_core(const struct trial *trial);

void trial_close(struct trial *trial);
