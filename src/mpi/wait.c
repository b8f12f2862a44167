#include "mpi/wait.h"

#include <math.h>
#include <sched.h>
#include <time.h>

#include "mpi/call.h"

/* Pauses begin at about what the shortest sleep costs, and grow by a quarter each: a fifth of the
   time waited so far. With cores to spare they stop growing while they are a small share of that
   time, so that what is waited for is noticed almost at once. Where ranks outnumber cores each look
   takes time from those who work, so only pauses of 1 ms and more are held to that share. */
static const double SHORTEST = 20e-6;
static const double CROWDED = 1e-3;
static const double SMALL_SHARE = 1.0 / 64;
static const double GROWTH = 1.25;

void wait_look_outside(const struct team *team) {
  enum { CALLS_BETWEEN_LOOKS = 8 };
  if (team->nodes == 1) {
    return;
  }
  /* Nothing is ever sent to oneself: each call is a step of MPI's progress and no more. */
  for (int i = 0; i < CALLS_BETWEEN_LOOKS; i++) {
    int found;
    MPI_CALL(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_SELF, &found, MPI_STATUS_IGNORE));
  }
}

void waiter_start(struct waiter *waiter, const struct team *team, enum patience patience) {
  static const double longest[] = {
      [WAIT_SERVING] = 1e-3, [WAIT_BRISK] = 20e-3, [WAIT_PATIENT] = 20e-3};
  double held = patience == WAIT_PATIENT ? longest[patience]
                : team->oversubscribed   ? CROWDED
                                         : SHORTEST;
  /* With cores to spare a few microseconds of looking come first: most answers are there by then.
   */
  *waiter = (struct waiter){
      .team = team,
      .spins = team->oversubscribed ? 0 : 200,
      .pause = SHORTEST,
      .held = held,
      .longest = longest[patience],
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
  if (waiter->team != NULL) {
    wait_look_outside(waiter->team);
  }
  waiter->waited += waiter->pause;
  double most = fmax(waiter->held, waiter->waited * SMALL_SHARE);
  waiter->pause = fmin(waiter->pause * GROWTH, fmin(most, waiter->longest));
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
