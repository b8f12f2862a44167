/* The pool: does all items of a job on all ranks, each exactly once, and adds up what they found.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/tally.h"
#include "flags/flag.h"
#include "mpi/team.h"
#include "orders/order.h"
#include "pool/dispatcher.h"
#include "pool/report.h"
#include "pool/watch.h"
#include "workloads/workload.h"

struct pool {
  struct team *team;
  const struct dispatcher *dispatcher;
  const struct flag_kind *flag_kind;
  struct flag_settings flag_settings;
  const struct schedule *schedule;
  uint64_t chunk; /* --chunk in items; 0: the schedule's own choice */
  const struct order *order;
  int threads;                /* workers of each rank; 0 is 1 */
  struct watch *watch;        /* rank 0: who is shown how far the job is; NULL: nobody */
  bool tells_shares;          /* fill `shares`; the same on all ranks */
  struct rank_share *shares;  /* rank 0: room for every rank's */
  bool keeps_timelines;       /* fill `timelines`; the same on all ranks */
  struct timeline *timelines; /* rank 0: room for every rank's; from the first rank's start on, with
                                 the same stretch; of each rank the sum over its threads */
};

/* Collective. Run the job over the whole index space; tally (made with the workload's shape,
   cleared here) holds the merged result on every rank. A workload that fails on any rank stops all
   of them, and all get the same fault, which names rank, host and range. */
enum status pool_run(const struct pool *pool, const struct workload *workload,
                     const struct job *job, struct tally *tally, struct pool_report *report,
                     struct fault *fault);

/* The kernel alone: the serial baseline. */
struct pool_alone {
  double seconds, core_seconds; /* what it took, and of the processor */
  uint64_t items;               /* done: an early exit is its own */
};

/* Not collective: the kernel alone, on the calling rank, over the whole index space. */
enum status pool_run_alone(const struct workload *workload, const struct job *job,
                           struct tally *tally, struct pool_alone *alone, struct fault *fault);

/* Collective: the same on every rank at once, from a synchronised start; each does the whole index
   space, into a tally of its own, and its status is its own. *mean: as of pool_alone_mean. */
enum status pool_run_at_once(const struct team *team, const struct workload *workload,
                             const struct job *job, struct tally *tally, struct pool_alone *mean,
                             struct fault *fault);

/* Collective. *mean, on all ranks: the harmonic mean of the ranks' seconds, since their rates add
   up, the mean of their processor time, and all their items. */
void pool_alone_mean(const struct team *team, const struct pool_alone *mine,
                     struct pool_alone *mean);
