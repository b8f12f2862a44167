#include "mpi/clock_sync.h"

#include <math.h>

#include "core/clock.h"
#include "mpi/call.h"

enum { EXCHANGES = 10, TAG_CLOCK = 1 };

/* Rank 0 of the leaders answers each of the others in turn with its time. */
static double offset_of_leader(MPI_Comm leaders, int rank, int size) {
  double offset = 0;
  if (rank == 0) {
    for (int leader = 1; leader < size; leader++) {
      for (int i = 0; i < EXCHANGES; i++) {
        double now;
        MPI_CALL(MPI_Recv(&now, 1, MPI_DOUBLE, leader, TAG_CLOCK, leaders, MPI_STATUS_IGNORE));
        now = clock_seconds();
        MPI_CALL(MPI_Send(&now, 1, MPI_DOUBLE, leader, TAG_CLOCK, leaders));
      }
    }
    return 0;
  }
  double shortest = INFINITY;
  for (int i = 0; i < EXCHANGES; i++) {
    double sent = clock_seconds();
    double theirs = sent;
    MPI_CALL(MPI_Send(&theirs, 1, MPI_DOUBLE, 0, TAG_CLOCK, leaders));
    MPI_CALL(MPI_Recv(&theirs, 1, MPI_DOUBLE, 0, TAG_CLOCK, leaders, MPI_STATUS_IGNORE));
    double received = clock_seconds();
    if (received - sent < shortest) {
      shortest = received - sent;
      offset = theirs - (sent + received) / 2;
    }
  }
  return offset;
}

double clock_sync_offset(const struct team *team) {
  double offset = 0;
  if (team->nodes == 1) {
    return 0;
  }
  if (team->leaders != MPI_COMM_NULL) {
    int rank;
    MPI_CALL(MPI_Comm_rank(team->leaders, &rank));
    offset = offset_of_leader(team->leaders, rank, team->nodes);
  }
  MPI_CALL(MPI_Bcast(&offset, 1, MPI_DOUBLE, 0, team->node));
  return offset;
}
