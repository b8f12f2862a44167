/* Working off a chunk in slices. A slice is as long as takes about half a millisecond by measured
   speed: short enough to notice a flag soon, long enough that looking costs nothing. So workloads
   need no polling of their own. */
#pragma once

#include <stdint.h>

#include "core/range.h"
#include "core/tally.h"
#include "flags/flag.h"
#include "workloads/workload.h"

struct worker {
  const struct workload *workload;
  const struct job *job;
  const struct flag_kind *flag_kind;
  void *flag;
  struct tally *tally;

  uint64_t grain;
  uint64_t slice;    /* items of the next slice, a multiple of grain */
  uint64_t items;    /* done so far */
  uint64_t chunks;   /* worked on so far */
  double busy;       /* seconds inside the workload */
  double lowered_at; /* clock_seconds() when this rank last lowered the limit; 0: never */
};

/* Do the items of a chunk that are still needed. On a failure the limit is lowered to 0, so that
   the other ranks stop too, and the fault names the range. */
enum status worker_do_chunk(struct worker *worker, struct range chunk, struct fault *fault);
