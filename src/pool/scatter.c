/* scatter: rank 0 cuts the index space into one nearly equal range a rank and scatters them. The
   textbook's pool.map of equal parts: no traffic while the work is done, and no balance. */
#include <stdlib.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/dispatcher.h"

struct scatter {
  const struct team *team;
  struct range *all; /* rank 0: a range for every rank; freed when they are sent */
  bool drawn;
};

static enum status scatter_open(const struct team *team, const struct hand_out *hand_out,
                                void **source, struct fault *fault) {
  struct scatter *scatter = calloc(1, sizeof *scatter);
  struct range *all = team->rank == 0 ? malloc((size_t)team->size * sizeof *all) : NULL;
  struct fault own = {.status = STATUS_OK};
  if (scatter == NULL || (team->rank == 0 && all == NULL)) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK || scatter == NULL) {
    free(scatter);
    free(all);
    *fault = own;
    return own.status;
  }
  for (int rank = 0; all != NULL && rank < team->size; rank++) {
    all[rank] = range_share(hand_out->items, hand_out->grain, (uint64_t)rank, (uint64_t)team->size);
  }
  *scatter = (struct scatter){.team = team, .all = all};
  *source = scatter;
  return STATUS_OK;
}

static bool scatter_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct scatter *scatter = source;
  (void)unit_seconds;
  if (scatter->drawn) {
    return false;
  }
  /* Nonblocking, so that waiting ranks sleep instead of spin (mpi/wait.h). */
  double start = clock_seconds();
  MPI_Request request;
  MPI_CALL(MPI_Iscatter(scatter->all, 2, MPI_UINT64_T, range, 2, MPI_UINT64_T, 0,
                        scatter->team->comm, &request));
  wait_for_all(scatter->team, 1, &request, WAIT_BRISK, NULL, NULL);
  scatter->drawn = true;
  *waited += clock_seconds() - start;
  return range->lo < range->hi;
}

static void scatter_close(void *source) {
  struct scatter *scatter = source;
  free(scatter->all);
  free(scatter);
}

const struct dispatcher scatter_dispatcher = {
    .name = "scatter",
    .summary = "one equal range a rank, by MPI_Scatter",
    .open = scatter_open,
    .next = scatter_next,
    .close = scatter_close,
};
