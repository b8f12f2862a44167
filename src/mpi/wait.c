#include "mpi/wait.h"

#include <sched.h>
#include <time.h>

#include "mpi/call.h"

void waiter_start(struct waiter *waiter, const struct team *team, enum patience patience) {
  /* 20 us is about what the shortest sleep costs, and 1 ms is lost only where much longer was
     waited. With cores to spare a few microseconds of looking come first: most answers are there by
     then. */
  *waiter = (struct waiter){
      .spins = team->oversubscribed ? 0 : 200,
      .pause = 20e-6,
      .longest = patience == WAIT_BRISK ? 1e-3 : 20e-3,
  };
}

void waiter_pause(struct waiter *waiter) {
  enum { YIELDS = 4 };
  waiter->looks++;
  if (waiter->looks <= waiter->spins) {
    return;
  }
  if (waiter->looks <= waiter->spins + YIELDS) {
    sched_yield();
    return;
  }
  struct timespec pause = {.tv_nsec = (long)(waiter->pause * 1e9)};
  nanosleep(&pause, NULL);
  waiter->pause *= 1.25;
  if (waiter->pause > waiter->longest) {
    waiter->pause = waiter->longest;
  }
}

void wait_for_all(const struct team *team, int count, MPI_Request *requests, enum patience patience,
                  void (*between)(void *data), void *data) {
  struct waiter waiter;
  waiter_start(&waiter, team, patience);
  for (;;) {
    int done = 0;
    if (between != NULL) {
      between(data);
    }
    MPI_CALL(MPI_Testall(count, requests, &done, MPI_STATUSES_IGNORE));
    if (done) {
      return;
    }
    waiter_pause(&waiter);
  }
}
