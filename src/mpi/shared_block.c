#include "mpi/shared_block.h"

#include <stdint.h>
#include <string.h>

#include "mpi/call.h"
#include "mpi/shared_window.h"

enum status shared_block_open(struct shared_block *block, const struct team *team,
                              const void *bytes, size_t size, struct fault *fault) {
  uint64_t wire_size = size;
  team_broadcast(team, team->comm, 0, &wire_size, sizeof wire_size, WAIT_PATIENT);
  *block = (struct shared_block){.size = (size_t)wire_size, .window = MPI_WIN_NULL};
  if (block->size == 0) {
    return STATUS_OK;
  }
  fault->status = STATUS_OK;
  shared_window_check(team, block->size, "the data", fault);
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  void *aligned = shared_window_allocate(team->node, block->size, &block->window);
  if (team->rank == 0) {
    memcpy(aligned, bytes, block->size);
  }
  if (team->leaders != MPI_COMM_NULL) {
    team_broadcast(team, team->leaders, 0, aligned, block->size, WAIT_BRISK);
  }
  MPI_CALL(MPI_Win_sync(block->window));
  team_barrier(team, team->node, WAIT_PATIENT);
  MPI_CALL(MPI_Win_sync(block->window));
  block->bytes = aligned;
  return STATUS_OK;
}

void shared_block_close(struct shared_block *block) {
  shared_window_free(&block->window);
  *block = (struct shared_block)SHARED_BLOCK_NONE;
}
