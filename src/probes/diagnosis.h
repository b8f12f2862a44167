/* What is wrong with a launch, and how to mend it: rules over a census. */
#pragma once

#include <stddef.h>

#include "mpi/census.h"

struct finding {
  char problem[200];
  char remedy[360]; /* the exact command or option, for Open MPI 4 and 5 where they differ */
};

enum { DIAGNOSIS_MOST = 32 };

/* entries[size], by rank, size >= 1; ranks of a node need not be neighbours. Returns how many
   findings were made; findings[DIAGNOSIS_MOST]. The same kind of trouble on many ranks of a node is
   told once.
 */
size_t diagnosis_make(const struct census_entry *entries, int size, struct finding *findings);
