/* Working off chunks in slices. A slice is as much as takes about half a millisecond by measured
   speed, be it a part of a chunk or many chunks: short enough to notice a flag soon, long enough
   that looking costs nothing. So workloads need no polling of their own. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/range.h"
#include "core/tally.h"
#include "core/timeline.h"
#include "flags/flag.h"
#include "pool/watch.h"
#include "pool/worker_time.h"
#include "workloads/workload.h"

struct worker {
  const struct workload *workload;
  const struct job *job;
  const struct flag_kind *flag_kind;
  void *flag;
  void (*serve)(void *source); /* what else is done between slices; NULL: nothing. May set `leave`,
                                  `slice_seconds` and `waited` */
  void *source;
  const struct watch *watch; /* rank 0: told between slices; NULL: nobody watches */
  _Atomic uint64_t *shown; /* the items done, between slices, for other threads; NULL: none look */
  struct tally *tally;
  struct timeline *timeline; /* when it worked; NULL: nobody wants to know */
  const struct team *team;   /* NULL: this rank is alone */
  bool calls_mpi;            /* a rank's only thread; a crew's main thread sees to it by itself */

  uint64_t grain;
  uint64_t shortest; /* a call of the workload is not cut shorter than this, a multiple of grain */
  uint64_t slice;    /* items of a slice, a multiple of grain */
  uint64_t left;     /* items left of the present slice */
  uint64_t poll;     /* items between polls, a multiple of grain; 0: polls come between slices */
  uint64_t unpolled; /* items until the next poll, where poll is not 0 */
  double start;      /* of the present slice, clock_seconds(); later by what it waited since */
  double since;      /* from then on its work is not yet noted, clock_seconds() */
  double core_since; /* the processor time of its thread then */
  double slice_core; /* processor time of the present slice, as far as noted */
  double slice_seconds; /* that a slice should take; 0: the standard */
  uint64_t limit;       /* items at or above it are not needed, as far as was heard */
  uint64_t told;        /* the lowest limit this rank has told others */

  uint64_t items;              /* done so far */
  uint64_t item_sum;           /* of their numbers, modulo 2^64 */
  uint64_t chunks;             /* drawn so far */
  struct worker_time time;     /* so far */
  double item_seconds;         /* in the last slice; 0 before */
  double earlier_item_seconds; /* in the one before */
  double lowered_at;           /* clock_seconds() when this rank last lowered the limit; 0: never */

  bool leave;        /* set by serve(): end at the slice's end, whatever is left of the range */
  struct range rest; /* while `leave`: what was left, if it is still needed; else empty */
};

/* The sum of the numbers in a range, modulo 2^64. */
uint64_t worker_sum_of_range(struct range range);

/* What a grain takes: the lesser of the last two slices' measures, since one may have been
   disturbed (the rank had lost its core); 0 before the second. */
double worker_unit_seconds(const struct worker *worker);

/* Begin: the clock starts. Also to be called after a wait, which is no work. */
void worker_start_slice(struct worker *worker);

/* Do the items of a range that are still needed. On a failure the limit is lowered to 0, so that
   the other ranks stop too, and the fault names the range. */
enum status worker_do_range(struct worker *worker, struct range range, struct fault *fault);

/* It has waited for work until now, which is no work. What the wait took of the processor counts as
   the slice's, of which no more counts than the slice had seconds: to know it would take a look at
   the thread's clock before each draw. */
void worker_waited(struct worker *worker, double seconds);

/* There is no work, until worker_resume, which another thread may call: `since` then is the `now`
   of worker_pause. */
void worker_pause(struct worker *worker, double now);
void worker_resume(struct worker *worker, double since);

/* After the last range: account for what was done of a slice. */
void worker_end_slice(struct worker *worker);

/* What the workers of a rank did, added up; its timeline begun like theirs. */
struct labour {
  struct worker_time time; /* of all */
  struct worker_time last; /* of the one that was at it for longest */
  double busy_max;         /* seconds of the busiest one's slices */
  uint64_t chunks, items, item_sum;
  double lowered_at;        /* when a worker first lowered the limit to the rank's; 0: none did */
  double ended;             /* clock_seconds() when the last worker ended */
  struct timeline timeline; /* of those that keep one */
};

/* `limit`: the lowest in the rank's tallies. */
void labour_add(struct labour *labour, const struct worker *worker, uint64_t limit);
