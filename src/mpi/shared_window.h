/* Memory that the ranks of a node share. */
#pragma once

#include <mpi.h>
#include <stddef.h>

/* Collective over `node`. `size` bytes, the same on every rank, 64-byte aligned, not cleared; one
   copy, which every rank may read and write between a lock of all (made here) and
   shared_window_free. */
void *shared_window_allocate(MPI_Comm node, size_t size, MPI_Win *window);

/* Collective. Does nothing for MPI_WIN_NULL. */
void shared_window_free(MPI_Win *window);
