/* News by MPI_Ibcast: rank 0 owns the limit and announces it by a broadcast that its listeners have
   posted beforehand and test between slices of work.

   A rank that lowers the limit, listener or not, reports it to rank 0 by message. Rank 0 announces
   a lower limit as soon as its last announcement has left; a listener that got one posts the next.
   At the end, when all reports have arrived, rank 0 makes a last announcement, marked as such,
   found or not: so no broadcast is ever left open. */
#pragma once

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "mpi/team.h"

struct announcement {
  uint64_t limit;
  uint64_t last; /* 1: no other follows */
};

struct announcer {
  const struct team *team;
  MPI_Comm listeners; /* rank 0 and those that it announces to; MPI_COMM_NULL on others */
  uint64_t limit;     /* the lowest known here */

  struct announcement announcement;
  MPI_Request broadcast; /* of the announcement: under way at rank 0, awaited at listeners */
  bool over;             /* no announcement is to come */

  /* Rank 0 only. */
  uint64_t announced;
  uint64_t arriving;
  MPI_Request arrival; /* the next report */

  /* Other ranks only. */
  uint64_t reported; /* the lowest limit on its way to rank 0 or there */
  uint64_t to_report;
  MPI_Request report;
};

/* Collective over the team. Nothing else may use the communicator of listeners, where rank 0 is
   rank 0 too, or team->flag_comm until the close. Does not wait. */
void announcer_open(struct announcer *announcer, const struct team *team, MPI_Comm listeners);

/* Not collective; neither waits. announcer_poll must be called regularly by all. */
void announcer_lower(struct announcer *announcer, uint64_t limit);
uint64_t announcer_poll(struct announcer *announcer);

/* Collective over the team. Nobody lowers the limit any more. */
void announcer_close(struct announcer *announcer);
