#include "mpi/clock_sync.h"

#include <math.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"

enum { EXCHANGES = 20, TAG_CLOCK = 1, TAG_TURN = 2 };

/* Whoever waits for its turn sleeps: on a core that others spin on, an exchange takes milliseconds,
   and the offset is wrong by up to half of that. Leaders are called a little ahead, so that they
   are awake in time. */
enum { CALLED_AHEAD = 2 };

static void call(MPI_Comm leaders, int leader, int size) {
  if (leader < size) {
    MPI_CALL(MPI_Send(NULL, 0, MPI_BYTE, leader, TAG_TURN, leaders));
  }
}

static void wait_for_turn(const struct team *team) {
  MPI_Request turn;
  MPI_CALL(MPI_Irecv(NULL, 0, MPI_BYTE, 0, TAG_TURN, team->leaders, &turn));
  wait_for_all(team, 1, &turn, WAIT_SERVING, NULL, NULL);
}

/* Rank 0 of the leaders answers each of the others in turn with its time. */
static void answer_leaders(MPI_Comm leaders, int size) {
  for (int leader = 1; leader <= CALLED_AHEAD; leader++) {
    call(leaders, leader, size);
  }
  for (int leader = 1; leader < size; leader++) {
    call(leaders, leader + CALLED_AHEAD, size);
    for (int i = 0; i < EXCHANGES; i++) {
      double now;
      MPI_CALL(MPI_Recv(&now, 1, MPI_DOUBLE, leader, TAG_CLOCK, leaders, MPI_STATUS_IGNORE));
      now = clock_seconds();
      MPI_CALL(MPI_Send(&now, 1, MPI_DOUBLE, leader, TAG_CLOCK, leaders));
    }
  }
}

/* By the shortest of several exchanges, taken for symmetric. */
static double offset_of_leader(MPI_Comm leaders) {
  double offset = 0;
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
  if (team->rank == 0) {
    answer_leaders(team->leaders, team->nodes);
  } else if (team->leaders != MPI_COMM_NULL) {
    wait_for_turn(team);
    offset = offset_of_leader(team->leaders);
  }
  team_broadcast(team, team->node, 0, &offset, sizeof offset, WAIT_SERVING);
  return offset;
}
