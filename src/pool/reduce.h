/* Adding up the ranks' tallies, exactly, in two levels: the ranks of a node add theirs to one in
   shared memory, each as soon as it is done and while others still work; then the nodes' first
   ranks join the nodes' tallies by MPI_Iallreduce. A rank that waits sleeps. */
#pragma once

#include "core/tally.h"
#include "mpi/team.h"

struct node_tally;

struct reduction {
  const struct team *team;
  struct node_tally *shared; /* NULL: this rank is alone on its node */
  MPI_Win window;
  struct tally tally; /* the node's: a view of the shared memory */
};

/* Collective, before the work: make ready to add up tallies of a shape, once. The ranks must
   synchronise before any of them calls reduction_run. */
enum status reduction_open(struct reduction *reduction, const struct team *team,
                           struct tally_shape shape, struct fault *fault);

/* Collective. Replace every rank's tally by the merged one: sums added, minima and the limit taken
   by minimum. between(data) is called while waiting (mpi/wait.h). */
void reduction_run(struct reduction *reduction, struct tally *tally, void (*between)(void *data),
                   void *data);

/* Collective. */
void reduction_close(struct reduction *reduction);
