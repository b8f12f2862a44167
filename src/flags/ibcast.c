/* ibcast: rank 0 owns the limit and announces it by MPI_Ibcast, which every other rank has posted
   beforehand and tests between slices of work.

   A rank that lowers the limit reports it to rank 0 by message. Rank 0 announces a lower limit as
   soon as its last announcement has left; a rank that got one posts the next. At the end, when all
   reports have arrived, rank 0 makes a last announcement, marked as such, found or not: so no
   broadcast is ever left open. */
#include <stdbool.h>
#include <stdlib.h>

#include "flags/flag.h"
#include "mpi/call.h"
#include "mpi/wait.h"

enum { TAG_REPORT = 1 };

struct announcement {
  uint64_t limit;
  uint64_t last; /* 1: no other follows */
};

struct ibcast {
  struct team *team;
  uint64_t limit; /* the lowest known here */

  struct announcement announcement;
  MPI_Request broadcast; /* of the announcement: under way at rank 0, awaited at the others */
  bool over;             /* the last announcement is complete */

  /* Rank 0 only. */
  uint64_t announced;
  uint64_t arriving;
  MPI_Request arrival; /* the next report */

  /* Other ranks only. */
  uint64_t reported; /* the lowest limit on its way to rank 0 or there */
  uint64_t to_report;
  MPI_Request report;
};

static void broadcast(struct ibcast *flag) {
  MPI_CALL(
      MPI_Ibcast(&flag->announcement, 2, MPI_UINT64_T, 0, flag->team->flag_comm, &flag->broadcast));
}

static void await_report(struct ibcast *flag) {
  MPI_CALL(MPI_Irecv(&flag->arriving, 1, MPI_UINT64_T, MPI_ANY_SOURCE, TAG_REPORT,
                     flag->team->flag_comm, &flag->arrival));
}

/* True when the request is complete, or when there is none. */
static bool is_done(MPI_Request *request) {
  int done;
  MPI_CALL(MPI_Test(request, &done, MPI_STATUS_IGNORE));
  return done != 0;
}

static enum status ibcast_open(struct team *team, void **state, struct fault *fault) {
  struct ibcast *flag = malloc(sizeof *flag);
  if (flag == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  *flag = (struct ibcast){
      .team = team,
      .limit = UINT64_MAX,
      .announced = UINT64_MAX,
      .reported = UINT64_MAX,
      .to_report = UINT64_MAX,
      .broadcast = MPI_REQUEST_NULL,
      .arrival = MPI_REQUEST_NULL,
      .report = MPI_REQUEST_NULL,
  };
  if (team->rank == 0) {
    await_report(flag);
  } else {
    broadcast(flag);
  }
  *state = flag;
  return STATUS_OK;
}

static void learn(struct ibcast *flag, uint64_t limit) {
  flag->limit = limit < flag->limit ? limit : flag->limit;
}

static void poll_root(struct ibcast *flag) {
  while (is_done(&flag->arrival)) {
    learn(flag, flag->arriving);
    await_report(flag);
  }
  if (is_done(&flag->broadcast) && flag->limit < flag->announced) {
    flag->announced = flag->limit;
    flag->announcement = (struct announcement){flag->limit, 0};
    broadcast(flag);
  }
}

static void poll_other(struct ibcast *flag) {
  if (flag->to_report < flag->reported && is_done(&flag->report)) {
    flag->reported = flag->to_report;
    /* Synchronous: complete means that rank 0 has it, which the closing relies on. */
    MPI_CALL(MPI_Issend(&flag->reported, 1, MPI_UINT64_T, 0, TAG_REPORT, flag->team->flag_comm,
                        &flag->report));
  }
  if (!flag->over && is_done(&flag->broadcast)) {
    learn(flag, flag->announcement.limit);
    flag->over = flag->announcement.last != 0;
    if (!flag->over) {
      broadcast(flag);
    }
  }
}

static uint64_t ibcast_poll(void *state) {
  struct ibcast *flag = state;
  (flag->team->rank == 0 ? poll_root : poll_other)(flag);
  return flag->limit;
}

static void ibcast_lower(void *state, uint64_t limit) {
  struct ibcast *flag = state;
  if (limit < flag->limit) {
    flag->limit = limit;
    flag->to_report = limit;
    ibcast_poll(flag);
  }
}

static bool reports_are_delivered(struct ibcast *flag) {
  return flag->team->rank == 0 || (flag->to_report >= flag->reported && is_done(&flag->report));
}

static void keep_polling(void *state) {
  ibcast_poll(state);
}

static void ibcast_close(void *state) {
  struct ibcast *flag = state;
  struct waiter waiter;
  waiter_start(&waiter, flag->team, WAIT_BRISK);
  while (ibcast_poll(flag), !reports_are_delivered(flag)) {
    waiter_pause(&waiter);
  }
  /* On the pool's communicator: on the flag's own, some ranks have posted one broadcast more than
     others, and collective operations must come in the same order everywhere. */
  MPI_Request all_delivered;
  MPI_CALL(MPI_Ibarrier(flag->team->comm, &all_delivered));
  wait_for_all(flag->team, 1, &all_delivered, WAIT_BRISK, keep_polling, flag);

  if (flag->team->rank == 0) {
    wait_for_all(flag->team, 1, &flag->broadcast, WAIT_BRISK, NULL, NULL);
    flag->announcement = (struct announcement){flag->limit, 1};
    broadcast(flag);
    wait_for_all(flag->team, 1, &flag->broadcast, WAIT_BRISK, NULL, NULL);
    MPI_CALL(MPI_Cancel(&flag->arrival));
    wait_for_all(flag->team, 1, &flag->arrival, WAIT_BRISK, NULL, NULL);
  } else {
    waiter_start(&waiter, flag->team, WAIT_BRISK);
    while (ibcast_poll(flag), !flag->over) {
      waiter_pause(&waiter);
    }
  }
  free(flag);
}

const struct flag_kind ibcast_flag = {
    .name = "ibcast",
    .summary = "MPI_Ibcast from rank 0, posted in advance by everyone",
    .open = ibcast_open,
    .lower = ibcast_lower,
    .poll = ibcast_poll,
    .close = ibcast_close,
};
