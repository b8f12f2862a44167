/* scatter: rank 0 cuts the index space into one nearly equal range a worker and scatters them, each
   rank's together. The textbook's pool.map of equal parts: no traffic while the work is done, and
   no balance. */
#include <stdlib.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/dispatcher.h"

struct scatter {
  const struct team *team;
  size_t threads;
  struct range *all;  /* rank 0: a range for every worker */
  struct range *mine; /* one for each worker of this rank */
  bool is_scattered;
  size_t drawn; /* of mine */
};

static void scatter_close(void *source) {
  struct scatter *scatter = source;
  if (scatter != NULL) {
    free(scatter->all);
    free(scatter->mine);
    free(scatter);
  }
}

static struct scatter *allocate(const struct team *team, size_t threads) {
  struct scatter *scatter = calloc(1, sizeof *scatter);
  if (scatter != NULL) {
    *scatter = (struct scatter){.team = team, .threads = threads};
    scatter->mine = calloc(threads, sizeof *scatter->mine);
    if (team->rank == 0) {
      scatter->all = calloc((size_t)team->size * threads, sizeof *scatter->all);
    }
  }
  return scatter;
}

static enum status scatter_open(const struct team *team, const struct hand_out *hand_out,
                                void **source, struct fault *fault) {
  struct scatter *scatter = allocate(team, (size_t)hand_out->threads);
  struct fault own = {.status = STATUS_OK};
  if (scatter == NULL || scatter->mine == NULL || (team->rank == 0 && scatter->all == NULL)) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK || scatter == NULL) {
    scatter_close(scatter);
    *fault = own;
    return own.status;
  }
  uint64_t workers = hand_out_workers(hand_out, team->size);
  for (uint64_t worker = 0; scatter->all != NULL && worker < workers; worker++) {
    scatter->all[worker] = range_share(hand_out->items, hand_out->grain, worker, workers);
  }
  *source = scatter;
  return STATUS_OK;
}

/* Nonblocking, so that waiting ranks sleep instead of spin (mpi/wait.h). */
static void do_scatter(struct scatter *scatter) {
  int words = 2 * (int)scatter->threads;
  MPI_Request request;
  MPI_CALL(MPI_Iscatter(scatter->all, words, MPI_UINT64_T, scatter->mine, words, MPI_UINT64_T, 0,
                        scatter->team->comm, &request));
  wait_for_all(scatter->team, 1, &request, WAIT_BRISK, NULL, NULL);
  scatter->is_scattered = true;
}

static bool scatter_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct scatter *scatter = source;
  (void)unit_seconds;
  if (!scatter->is_scattered) {
    double start = clock_seconds();
    do_scatter(scatter);
    *waited += clock_seconds() - start;
  }
  if (scatter->drawn == scatter->threads) {
    return false;
  }
  *range = scatter->mine[scatter->drawn++];
  return range->lo <
         range->hi; /* empty ones, where there are more workers than grains, come last */
}

const struct dispatcher scatter_dispatcher = {
    .name = "scatter",
    .summary = "one equal range a worker, by MPI_Scatter",
    .open = scatter_open,
    .next = scatter_next,
    .close = scatter_close,
};
