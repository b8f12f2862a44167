#include "probes/array_memory.h"

#include <stdlib.h>

#include "mpi/call.h"
#include "mpi/shared_window.h"
#include "mpi/wait.h"

/* MPI_Aint holds the size, and the window's own room for alignment is added to it. */
static const uint64_t LARGEST_SIZE = UINT64_C(1) << 62;

uint64_t array_memory_size(uint64_t rows, uint64_t cols) {
  const uint64_t most = LARGEST_SIZE / sizeof(double);
  return rows == 0 || cols == 0 || cols > most / rows ? 0 : rows * cols * sizeof(double);
}

struct range array_memory_rows(const struct array_memory *memory, int node_rank) {
  return range_share(memory->rows, 1, memory->first_place + (uint64_t)node_rank,
                     (uint64_t)memory->team->size);
}

double *array_memory_row(const struct array_memory *memory, uint64_t row) {
  return memory->values + (row - memory->node_rows.lo) * memory->cols;
}

static uint64_t find_first_place(const struct team *team) {
  uint64_t mine = (uint64_t)team->node_size;
  uint64_t before = 0;
  if (team->leaders != MPI_COMM_NULL) {
    MPI_Request request;
    MPI_CALL(MPI_Iexscan(&mine, &before, 1, MPI_UINT64_T, MPI_SUM, team->leaders, &request));
    wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
    before = team->rank == 0 ? 0 : before; /* the first one's is left undefined */
  }
  team_broadcast(team, team->node, 0, &before, sizeof before, WAIT_BRISK);
  return before;
}

static void find_ranks(struct array_memory *memory) {
  const struct team *team = memory->team;
  MPI_Request request;
  MPI_CALL(
      MPI_Iallgather(&team->rank, 1, MPI_INT, memory->ranks, 1, MPI_INT, team->node, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

static enum status check_room(const struct array_memory *memory, uint64_t size,
                              struct fault *fault) {
  struct fault found;
  if (shared_window_check(memory->team, size, "the array", &found) != STATUS_OK) {
    return fault_set(fault, found.status, "--rows, --cols: %s: give fewer", found.text);
  }
  return STATUS_OK;
}

enum status array_memory_open(struct array_memory *memory, const struct team *team, uint64_t rows,
                              uint64_t cols, struct fault *fault) {
  *memory = (struct array_memory){.team = team, .rows = rows, .cols = cols, .window = MPI_WIN_NULL};
  memory->first_place = find_first_place(team);
  memory->node_rows = (struct range){.lo = array_memory_rows(memory, 0).lo,
                                     .hi = array_memory_rows(memory, team->node_size - 1).hi};
  uint64_t size = range_length(memory->node_rows) * cols * sizeof(double);
  fault->status = STATUS_OK;
  memory->ranks = malloc((size_t)team->node_size * sizeof *memory->ranks);
  if (memory->ranks == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  } else {
    check_room(memory, size, fault);
  }
  if (team_agree(team, fault) != STATUS_OK) {
    free(memory->ranks);
    return fault->status;
  }
  find_ranks(memory);
  memory->values = shared_window_allocate(team->node, size, &memory->window);
  return STATUS_OK;
}

void array_memory_exchange(const struct array_memory *memory) {
  MPI_CALL(MPI_Win_sync(memory->window));
  team_barrier(memory->team, memory->team->comm, WAIT_BRISK);
  MPI_CALL(MPI_Win_sync(memory->window));
}

void array_memory_close(struct array_memory *memory) {
  shared_window_free(&memory->window);
  free(memory->ranks);
}
