/* The only place that waits. A rank that waits must not take a core from a rank that works: it
   looks a few times, then sleeps between looks, for pauses that grow. (Blocking MPI calls spin:
   with 32 ranks on 2 cores that was measured to cost up to four times the work's own time.) */
#pragma once

#include <mpi.h>
#include <sched.h>

#include "mpi/team.h"

struct waiter {
  const struct team *team; /* NULL: this is no wait for other ranks */
  unsigned looks;          /* before the first sleep */
  unsigned spins;          /* looks that are free */
  double pause;            /* seconds, the next one */
  double waited;           /* in pauses so far */
  double held;             /* pauses up to this long need not be a small share of the time waited */
  double longest;
};

void waiter_start(struct waiter *waiter, const struct team *team, enum patience patience);

/* Between two looks at whatever is waited for. Not collective. */
void waiter_pause(struct waiter *waiter);

/* Let MPI look for what has come from other nodes. Open MPI reads its sockets in every eighth call
   only, so that a rank that calls it once between two pauses, or two slices of work, would hear
   what others say eight of those too late. Not collective; the main thread. */
void wait_look_outside(const struct team *team);

/* Between two stretches of work: let another rank, or whoever else shares the core, have it for a
   while; 0.3 us when nobody wants it. Ranks cannot always know: other "hosts" may be containers on
   the same cores. Any thread. */
static inline void wait_yield(void) {
  sched_yield();
}

/* Wait until `count` requests are complete, calling between(data), if any, before each look: for
   work that must go on meanwhile, such as passing on an early-exit flag. Not collective. */
void wait_for_all(const struct team *team, int count, MPI_Request *requests, enum patience patience,
                  void (*between)(void *data), void *data);
