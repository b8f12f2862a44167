#include "mpi/shared_window.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "core/memory.h"
#include "mpi/call.h"

enum { ALIGNMENT = 64 };

static const char *size_text(uint64_t bytes, char text[32]) {
  double size = (double)bytes;
  snprintf(text, 32, size < 0x1p20 ? "%.1f KiB" : "%.1f MiB",
           size / (size < 0x1p20 ? 1024 : 0x1p20));
  return text;
}

/* MPI's shared windows lie in /dev/shm; asked for more than is free there, Open MPI says no more
   than "internal error", and a page that cannot be had later kills the process. */
enum status shared_window_check(const struct team *team, size_t size, const char *what,
                                struct fault *fault) {
  struct statvfs info;
  char needed[32];
  char room[32];
  if (team->node_rank != 0) {
    return STATUS_OK;
  }
  if (memory_check(size, what, fault) != STATUS_OK) {
    return fault->status;
  }
  if (statvfs("/dev/shm", &info) != 0) {
    return STATUS_OK;
  }
  uint64_t available = (uint64_t)info.f_bavail * info.f_frsize;
  return size <= available
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED,
                         "%s needs %s of shared memory, and /dev/shm on %.64s has %s free (mount "
                         "-o remount,size=50%% /dev/shm, or docker run --shm-size=2g, makes room)",
                         what, size_text(size, needed), team->host, size_text(available, room));
}

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
