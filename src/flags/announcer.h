/* News by MPI_Ibcast: the first rank of a communicator owns the limit and announces it by a
   broadcast that every other rank has posted beforehand and tests between slices of work.

   A rank that lowers the limit reports it to the first by message. The first announces a lower
   limit as soon as its last announcement has left; a rank that got one posts the next. At the end,
   when all reports have arrived, the first makes a last announcement, marked as such, found or not:
   so no broadcast is ever left open. */
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
  MPI_Comm comm;
  bool is_first;
  uint64_t limit; /* the lowest known here */

  struct announcement announcement;
  MPI_Request broadcast; /* of the announcement: under way at the first, awaited at the others */
  bool over;             /* the last announcement is complete */

  /* The first rank only. */
  uint64_t announced;
  uint64_t arriving;
  MPI_Request arrival; /* the next report */

  /* Other ranks only. */
  uint64_t reported; /* the lowest limit on its way to the first or there */
  uint64_t to_report;
  MPI_Request report;
};

/* Collective over `comm`, some of the team's ranks. Nothing else may use it until the close. Does
   not wait. */
void announcer_open(struct announcer *announcer, const struct team *team, MPI_Comm comm);

/* Not collective; neither waits. announcer_poll must be called regularly by all. */
void announcer_lower(struct announcer *announcer, uint64_t limit);
uint64_t announcer_poll(struct announcer *announcer);

/* Collective over the team: ranks that are not in `comm` must make a team_barrier over team->comm
   instead. Nobody lowers the limit any more. */
void announcer_close(struct announcer *announcer);
