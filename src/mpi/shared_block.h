/* Read-only data that every rank looks at: one copy a node, in memory that its ranks share. */
#pragma once

#include <mpi.h>
#include <stddef.h>

#include "mpi/team.h"

struct shared_block {
  const void *bytes; /* 64-byte aligned; NULL when the size is 0 */
  size_t size;
  MPI_Win window;
};

/* What a block is before it is opened, for initialisers. */
#define SHARED_BLOCK_NONE                                                                          \
  { .window = MPI_WIN_NULL }

/* Collective. Rank 0 gives `bytes` and `size`, which the others ignore; afterwards every rank sees
   the same bytes. On failure (not enough shared memory on some node) all ranks get the same fault.
 */
enum status shared_block_open(struct shared_block *block, const struct team *team,
                              const void *bytes, size_t size, struct fault *fault);

/* Collective. */
void shared_block_close(struct shared_block *block);
