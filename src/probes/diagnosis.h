/* What is wrong with a launch, and how to mend it: rules over a census. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mpi/census.h"

/* What is known of a launch. */
struct launch {
  const struct census_entry *entries; /* [size], by rank; ranks of a node need not be neighbours */
  int size;                           /* 1 or more */
  long tasks_left_alone;              /* of a SLURM job, by a run without a launcher; 0 */
  bool open_mpi_4;
  bool one_sided;  /* whether one-sided operations between all ranks can be set up */
  const char *osc; /* the choice of components for that, as Open MPI was told; "" */
};

/* Whom a finding is about. */
enum finding_scope {
  FINDING_HOST, /* the host as a whole, or the launch: no rank more than another */
  FINDING_ALL,  /* every rank of the host */
  FINDING_SLOW, /* its slow ranks */
  FINDING_BUSY, /* those that often had no core */
  FINDING_TWIN, /* those bound to a core that another rank is bound to */
};

struct finding {
  const char *kind; /* "oversubscribed": for scripts; docs/clusters.md lists them */
  int node;         /* of which it is true, as the census numbers them; -1: of the launch */
  enum finding_scope scope;
  double slow_seconds; /* ranks whose short job takes longer are slow */
  char problem[200];
  char remedy[360]; /* the exact command or option, for Open MPI 4 and 5 where they differ */
};

/* How many findings there can be. */
size_t diagnosis_most(int nodes);

/* Returns how many findings were made, of the launch first, then node by node;
   findings[diagnosis_most(nodes)]. The same kind of trouble on many ranks of a node is told once.
 */
size_t diagnosis_make(const struct launch *launch, struct finding *findings);

/* Whether a finding of that launch is about this rank itself. */
bool diagnosis_concerns(const struct launch *launch, const struct finding *finding, int rank);
