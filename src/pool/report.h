/* Facts of a run: what it took, how evenly the work lay, what an early exit saved. None of them is
   part of the answer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/timeline.h"
#include "mpi/team.h"
#include "pool/worker_time.h"

enum { RANK_HOST = 64 };

/* One rank's part: the sums over its threads. */
struct rank_share {
  double busy, waited; /* seconds inside the workload; and of waiting for work to do */
  double core;         /* processor seconds of the work */
  uint64_t chunks, items;
  char host[RANK_HOST]; /* perhaps cut short */
};

struct pool_report {
  double seconds;    /* from the synchronised start to the merged tally; the slowest rank's */
  double start_skew; /* the last rank's start minus the first one's */
  uint64_t items;    /* done, over all ranks */
  uint64_t chunks;   /* drawn */
  double busy_max, busy_mean; /* over workers: the threads of all ranks */
  double core_mean;           /* processor time of the work: the rest of busy others had the core */
  double waited_mean;
  double yielded_mean;     /* between slices: others had the core */
  double looked_mean;      /* processor time between slices */
  struct worker_time last; /* of the worker that was at it for longest; of several the mean */
  bool stopped_early;      /* a limit was set: not all items were needed */
  double stop_seconds;     /* from the deciding find to the last rank's stop */
  uint64_t wasted;         /* items done after the deciding find, by each rank's own speed */
};

/* What one rank tells. Times on the clock of rank 0. */
struct rank_facts {
  double seconds;
  double found_at;   /* when it made the deciding find; INFINITY when it did not */
  double started_at; /* when it began, on the same clock */
  double stopped_at; /* when it ended its work */
  double busy_max;   /* of its workers */
  uint64_t workers;
  struct worker_time time; /* of all of them */
  struct worker_time last; /* of the one that was at it for longest */
  struct rank_share share;
};

/* Collective. Make one report of all ranks' facts. */
void report_collect(const struct team *team, const struct rank_facts *facts,
                    struct pool_report *report);

/* Collective. Every rank's `size` bytes, the same size on all, one after the other into `all` on
   rank 0. */
void report_gather(const struct team *team, const void *mine, size_t size, void *all);

/* Collective. The timelines of all ranks from the first rank's start to the last one's end, with
   equal stretches. From the rank's own start, `started_at` on the clock of rank 0, it was at it for
   `seconds`. */
void report_align(const struct team *team, struct timeline *timeline, double started_at,
                  double seconds);
