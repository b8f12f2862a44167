/* The pool: does all items of a job on all ranks, each exactly once, and adds up what they found.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/tally.h"
#include "flags/flag.h"
#include "mpi/team.h"
#include "pool/dispatcher.h"
#include "workloads/workload.h"

struct pool {
  struct team *team;
  const struct dispatcher *dispatcher;
  const struct flag_kind *flag_kind;
  const struct schedule *schedule;
  uint64_t chunk; /* --chunk in items; 0: the schedule's own choice */
};

/* Facts of a run; none of them is part of the answer. */
struct pool_report {
  double seconds;  /* from the synchronised start to the merged tally; the slowest rank's */
  uint64_t items;  /* done, over all ranks */
  uint64_t chunks; /* drawn */
  double busy_max, busy_mean; /* seconds inside the workload, over ranks */
  double waited_mean;         /* seconds of waiting for work to do, over ranks */
  bool stopped_early;         /* a limit was set: not all items were needed */
  double stop_seconds;        /* from the deciding find to the last rank's stop */
  uint64_t wasted;            /* items done after the deciding find, by each rank's own speed */
};

/* Collective. Run the job over the whole index space; tally (made with the workload's shape,
   cleared here) holds the merged result on every rank. A workload that fails on any rank stops all
   of them, and all get the same fault, which names rank, host and range. */
enum status pool_run(const struct pool *pool, const struct workload *workload,
                     const struct job *job, struct tally *tally, struct pool_report *report,
                     struct fault *fault);

/* Not collective: the kernel alone, on the calling rank, over the whole index space: the serial
   baseline. *seconds: what it took. */
enum status pool_run_alone(const struct workload *workload, const struct job *job,
                           struct tally *tally, double *seconds, struct fault *fault);
