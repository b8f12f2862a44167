#include "mpi/shared_block.h"

#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>

#include "core/memory.h"
#include "mpi/call.h"
#include "mpi/shared_window.h"

/* MPI's shared windows lie in /dev/shm; asked for more than is free there, Open MPI says no more
   than "internal error", and a page that cannot be had later kills the process. */
static void check_space(const struct team *team, size_t size, struct fault *fault) {
  struct statvfs info;
  if (team->node_rank != 0 || memory_check(size, "the data", fault) != STATUS_OK ||
      statvfs("/dev/shm", &info) != 0) {
    return;
  }
  uint64_t available = (uint64_t)info.f_bavail * info.f_frsize;
  if (size > available) {
    fault_set(fault, STATUS_FAILED,
              "the data needs %.1f MiB of shared memory, and /dev/shm on %.64s has %.1f MiB free",
              (double)size / 0x1p20, team->host, (double)available / 0x1p20);
  }
}

enum status shared_block_open(struct shared_block *block, const struct team *team,
                              const void *bytes, size_t size, struct fault *fault) {
  uint64_t wire_size = size;
  team_broadcast(team, team->comm, 0, &wire_size, sizeof wire_size, WAIT_PATIENT);
  *block = (struct shared_block){.size = (size_t)wire_size, .window = MPI_WIN_NULL};
  if (block->size == 0) {
    return STATUS_OK;
  }
  fault->status = STATUS_OK;
  check_space(team, block->size, fault);
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
