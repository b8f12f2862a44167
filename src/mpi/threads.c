#include "mpi/threads.h"

#include <stdbool.h>
#include <stdio.h>

#include "mpi/call.h"
#include "mpi/topology.h"
#include "mpi/wait.h"

/* The same on all ranks. */
static bool is_any(const struct team *team, bool here) {
  int any = here;
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  return any != 0;
}

/* The lowest rank for which it holds, or team->size. */
static int first_of(const struct team *team, bool here) {
  int first = here ? team->rank : team->size;
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  return first;
}

/* Launchers bind a rank to a core unless told otherwise, and its threads with it. */
static void warn_of_binding(const struct team *team, char *warning, size_t size) {
  int own;
  int cpus;
  char list[256];
  topology_own_cores(&own, &cpus, list, sizeof list);
  int host = topology_host_cores();
  int narrow = first_of(team, own < (team->threads < host ? team->threads : host));
  warning[0] = '\0';
  if (narrow == team->size) {
    return;
  }
  char line[512] = "";
  snprintf(line, sizeof line,
           "rank %d on %.64s is bound to %d core%s and has %d threads: mpirun --bind-to none, or "
           "--map-by slot:PE=%d, gives them more",
           team->rank, team->host, own, own == 1 ? "" : "s", team->threads, team->threads);
  team_broadcast(team, team->comm, narrow, line, sizeof line, WAIT_BRISK);
  if (team->rank == 0) {
    snprintf(warning, size, "%s", line);
  }
}

enum status team_set_threads(struct team *team, int threads, char *warning, size_t size,
                             struct fault *fault) {
  warning[0] = '\0';
  team->threads = threads;
  if (threads == 1) {
    return STATUS_OK;
  }
  fault->status = STATUS_OK;
  if (!team->has_threads) {
    fault_set(fault, STATUS_FAILED,
              "--threads: this MPI library allows no threads (MPI_THREAD_FUNNELED): accepted is 1");
  }
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  team->oversubscribed = is_any(team, team->node_size * threads > team->node_cores);
  warn_of_binding(team, warning, size);
  return STATUS_OK;
}
