/* One array for all ranks: a copy a node in shared memory. The rows are split over the nodes, and
   there over the ranks: each rank has rows of its own, side by side, and sees all of its node's. */
#pragma once

#include <mpi.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/range.h"
#include "mpi/team.h"

struct array_memory {
  const struct team *team;
  uint64_t rows, cols;
  uint64_t first_place; /* of this node's first rank, when ranks are counted node by node */
  struct range node_rows;
  int *ranks;     /* the rank in the team of each rank of the node */
  double *values; /* the node's rows, one after the other, 64-byte aligned */
  MPI_Win window;
};

/* Bytes that rows x cols doubles take, if that is a number that memory can be asked for; 0: no. */
uint64_t array_memory_size(uint64_t rows, uint64_t cols);

/* Collective. STATUS_FAILED, before anything is allocated, when some node has no room for its rows;
   the text says how much is free. */
enum status array_memory_open(struct array_memory *memory, const struct team *team, uint64_t rows,
                              uint64_t cols, struct fault *fault);

/* The rows of one of the node's ranks. */
struct range array_memory_rows(const struct array_memory *memory, int node_rank);

/* The first value of a row, which must be the node's. */
double *array_memory_row(const struct array_memory *memory, uint64_t row);

/* Collective. From here on every rank of the node sees what the others have stored before. */
void array_memory_exchange(const struct array_memory *memory);

/* Collective. */
void array_memory_close(struct array_memory *memory);
