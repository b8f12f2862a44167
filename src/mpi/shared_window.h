/* Memory that the ranks of a node share. */
#pragma once

#include <mpi.h>
#include <stddef.h>

#include "core/fault.h"
#include "mpi/team.h"

/* Not collective: whether the node's memory has room for `size` bytes; `what` begins the complaint:
   "the data". Looked at on the first rank of each node; to be asked before memory is taken, and
   agreed upon (team_agree). */
enum status shared_window_check(const struct team *team, size_t size, const char *what,
                                struct fault *fault);

/* Collective over `node`. `size` bytes, the same on every rank, 64-byte aligned, not cleared; one
   copy, which every rank may read and write between a lock of all (made here) and
   shared_window_free. */
void *shared_window_allocate(MPI_Comm node, size_t size, MPI_Win *window);

/* Collective. Does nothing for MPI_WIN_NULL. */
void shared_window_free(MPI_Win *window);
