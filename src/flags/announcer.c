#include "flags/announcer.h"

#include "mpi/call.h"
#include "mpi/wait.h"

enum { TAG_REPORT = 1 };

static void broadcast(struct announcer *announcer) {
  MPI_CALL(MPI_Ibcast(&announcer->announcement, 2, MPI_UINT64_T, 0, announcer->listeners,
                      &announcer->broadcast));
}

static void await_report(struct announcer *announcer) {
  MPI_CALL(MPI_Irecv(&announcer->arriving, 1, MPI_UINT64_T, MPI_ANY_SOURCE, TAG_REPORT,
                     announcer->team->flag_comm, &announcer->arrival));
}

/* True when the request is complete, or when there is none. */
static bool is_done(MPI_Request *request) {
  int done = *request == MPI_REQUEST_NULL;
  if (!done) {
    MPI_CALL(MPI_Test(request, &done, MPI_STATUS_IGNORE));
  }
  return done != 0;
}

void announcer_open(struct announcer *announcer, const struct team *team, MPI_Comm listeners) {
  *announcer = (struct announcer){
      .team = team,
      .listeners = listeners,
      .over = listeners == MPI_COMM_NULL,
      .limit = UINT64_MAX,
      .announced = UINT64_MAX,
      .reported = UINT64_MAX,
      .to_report = UINT64_MAX,
      .broadcast = MPI_REQUEST_NULL,
      .arrival = MPI_REQUEST_NULL,
      .report = MPI_REQUEST_NULL,
  };
  if (team->rank == 0) {
    await_report(announcer);
  } else if (!announcer->over) {
    broadcast(announcer);
  }
}

static void learn(struct announcer *announcer, uint64_t limit) {
  announcer->limit = limit < announcer->limit ? limit : announcer->limit;
}

static void poll_owner(struct announcer *announcer) {
  while (is_done(&announcer->arrival)) {
    learn(announcer, announcer->arriving);
    await_report(announcer);
  }
  if (is_done(&announcer->broadcast) && announcer->limit < announcer->announced) {
    announcer->announced = announcer->limit;
    announcer->announcement = (struct announcement){announcer->limit, 0};
    broadcast(announcer);
  }
}

static void poll_other(struct announcer *announcer) {
  if (announcer->to_report < announcer->reported && is_done(&announcer->report)) {
    announcer->reported = announcer->to_report;
    /* Synchronous: complete means that rank 0 has it, which the closing relies on. */
    MPI_CALL(MPI_Issend(&announcer->reported, 1, MPI_UINT64_T, 0, TAG_REPORT,
                        announcer->team->flag_comm, &announcer->report));
  }
  if (!announcer->over && is_done(&announcer->broadcast)) {
    learn(announcer, announcer->announcement.limit);
    announcer->over = announcer->announcement.last != 0;
    if (!announcer->over) {
      broadcast(announcer);
    }
  }
}

uint64_t announcer_poll(struct announcer *announcer) {
  (announcer->team->rank == 0 ? poll_owner : poll_other)(announcer);
  return announcer->limit;
}

void announcer_lower(struct announcer *announcer, uint64_t limit) {
  if (limit < announcer->limit) {
    announcer->limit = limit;
    announcer->to_report = limit;
    announcer_poll(announcer);
  }
}

static bool reports_are_delivered(struct announcer *announcer) {
  return announcer->team->rank == 0 ||
         (announcer->to_report >= announcer->reported && is_done(&announcer->report));
}

static void keep_polling(void *announcer) {
  announcer_poll(announcer);
}

void announcer_close(struct announcer *announcer) {
  const struct team *team = announcer->team;
  struct waiter waiter;
  waiter_start(&waiter, team, WAIT_BRISK);
  while (announcer_poll(announcer), !reports_are_delivered(announcer)) {
    waiter_pause(&waiter);
  }
  /* On the pool's communicator: on the announcer's own, some ranks have posted one broadcast more
     than others, and collective operations must come in the same order everywhere. */
  MPI_Request all_delivered;
  MPI_CALL(MPI_Ibarrier(team->comm, &all_delivered));
  wait_for_all(team, 1, &all_delivered, WAIT_BRISK, keep_polling, announcer);

  if (team->rank == 0) {
    wait_for_all(team, 1, &announcer->broadcast, WAIT_BRISK, NULL, NULL);
    announcer->announcement = (struct announcement){announcer->limit, 1};
    broadcast(announcer);
    wait_for_all(team, 1, &announcer->broadcast, WAIT_BRISK, NULL, NULL);
    MPI_CALL(MPI_Cancel(&announcer->arrival));
    wait_for_all(team, 1, &announcer->arrival, WAIT_BRISK, NULL, NULL);
  } else {
    waiter_start(&waiter, team, WAIT_BRISK);
    while (announcer_poll(announcer), !announcer->over) {
      waiter_pause(&waiter);
    }
  }
}
