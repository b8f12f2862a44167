/* The only place that waits. A rank that waits must not take a core from a rank that works: it
   looks a few times, then sleeps between looks, for pauses that grow. (Blocking MPI calls spin:
   with 32 ranks on 2 cores that was measured to cost up to four times the work's own time.) */
#pragma once

#include <mpi.h>
#include <sched.h>

#include "mpi/team.h"

struct waiter {
  unsigned looks; /* before the first sleep */
  unsigned spins; /* looks that are free */
  double pause;   /* seconds, the next one */
  double waited;  /* in pauses so far */
  double held;    /* pauses up to this long need not be a small share of the time waited */
  double longest;
};

void waiter_start(struct waiter *waiter, const struct team *team, enum patience patience);

/* Between two looks at whatever is waited for. Not collective. */
void waiter_pause(struct waiter *waiter);

/* Between two stretches of work: where ranks outnumber cores, let another one have the core. Not
   collective. */
static inline void wait_yield(const struct team *team) {
  if (team->oversubscribed) {
    sched_yield();
  }
}

/* Wait until `count` requests are complete, calling between(data), if any, before each look: for
   work that must go on meanwhile, such as passing on an early-exit flag. Not collective. */
void wait_for_all(const struct team *team, int count, MPI_Request *requests, enum patience patience,
                  void (*between)(void *data), void *data);
