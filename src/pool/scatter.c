/* scatter: rank 0 cuts the index space into one nearly equal range a rank and scatters them. The
   textbook's pool.map of equal parts: no traffic while the work is done, and no balance. */
#include <stdlib.h>

#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/dispatcher.h"

static enum status scatter_open(const struct team *team, uint64_t items, uint64_t grain,
                                void **source, struct fault *fault) {
  struct range *mine = malloc(sizeof *mine);
  struct range *all = NULL;
  struct fault own = {.status = STATUS_OK};
  if (team->rank == 0) {
    all = malloc((size_t)team->size * sizeof *all);
    for (int rank = 0; all != NULL && rank < team->size; rank++) {
      all[rank] = range_share(items, grain, (uint64_t)rank, (uint64_t)team->size);
    }
  }
  if (mine == NULL || (team->rank == 0 && all == NULL)) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK) {
    free(mine);
    free(all);
    *fault = own;
    return own.status;
  }
  /* Nonblocking, so that waiting ranks sleep instead of spin (mpi/wait.h). */
  MPI_Request request;
  MPI_CALL(MPI_Iscatter(all, 2, MPI_UINT64_T, mine, 2, MPI_UINT64_T, 0, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  free(all);
  *source = mine;
  return STATUS_OK;
}

static bool scatter_next(void *source, struct range *range) {
  struct range *mine = source;
  *range = *mine;
  *mine = (struct range){0};
  return range->lo < range->hi;
}

static void scatter_close(void *source) {
  free(source);
}

const struct dispatcher scatter_dispatcher = {
    .name = "scatter",
    .summary = "one equal range a rank, by MPI_Scatter",
    .open = scatter_open,
    .next = scatter_next,
    .close = scatter_close,
};
