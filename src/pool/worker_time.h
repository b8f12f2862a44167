/* How a worker's time was spent, in seconds: between the start and the end of its work it was busy,
   waited, or was between slices. */
#pragma once

#include <math.h>

struct worker_time {
  double busy;    /* in slices of work */
  double core;    /* processor time of those: less than busy where others had the core, or where the
                     work is a sleep */
  double waited;  /* for work to do */
  double yielded; /* between slices, in which others had the core, or looks took */
  double looked;  /* processor time of those looks */
};

/* All of it. */
static inline double worker_time_sum(const struct worker_time *time) {
  return time->busy + time->waited + time->yielded;
}

/* What others had of the core while there was something to do. */
static inline double worker_time_taken(const struct worker_time *time) {
  return fmax(time->busy - time->core, 0) + fmax(time->yielded - time->looked, 0);
}

static inline void worker_time_add(struct worker_time *into, const struct worker_time *from) {
  into->busy += from->busy;
  into->core += from->core;
  into->waited += from->waited;
  into->yielded += from->yielded;
  into->looked += from->looked;
}
