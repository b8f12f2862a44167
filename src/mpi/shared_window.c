#include "mpi/shared_window.h"

#include <stdint.h>

#include "mpi/call.h"

enum { ALIGNMENT = 64 };

void *shared_window_allocate(MPI_Comm node, size_t size, MPI_Win *window) {
  void *base;
  int rank;
  MPI_CALL(MPI_Comm_rank(node, &rank));
  /* All of it belongs to the first rank, with room to align it. */
  MPI_Aint mine = rank == 0 ? (MPI_Aint)(size + ALIGNMENT) : 0;
  MPI_CALL(MPI_Win_allocate_shared(mine, 1, MPI_INFO_NULL, node, &base, window));
  /* It is mapped at another address in every process, but pages are aligned alike, so all skip the
     same bytes. */
  MPI_Aint queried_size;
  int unit;
  MPI_CALL(MPI_Win_shared_query(*window, 0, &queried_size, &unit, &base));
  MPI_CALL(MPI_Win_lock_all(MPI_MODE_NOCHECK, *window));
  return (char *)base + (ALIGNMENT - (uintptr_t)base % ALIGNMENT) % ALIGNMENT;
}

void shared_window_free(MPI_Win *window) {
  if (*window != MPI_WIN_NULL) {
    MPI_CALL(MPI_Win_unlock_all(*window));
    MPI_CALL(MPI_Win_free(window));
  }
}
