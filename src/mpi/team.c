#include "mpi/team.h"

#include <stdio.h>
#include <string.h>

#include "mpi/call.h"
#include "mpi/clock_sync.h"
#include "mpi/launcher.h"
#include "mpi/one_sided.h"
#include "mpi/shared_window.h"
#include "mpi/topology.h"
#include "mpi/wait.h"

static int rank_of_leader(const struct team *team) {
  MPI_Group all;
  MPI_Group node;
  int first = 0;
  int rank;
  MPI_CALL(MPI_Comm_group(team->comm, &all));
  MPI_CALL(MPI_Comm_group(team->node, &node));
  MPI_CALL(MPI_Group_translate_ranks(node, 1, &first, all, &rank));
  MPI_CALL(MPI_Group_free(&all));
  MPI_CALL(MPI_Group_free(&node));
  return rank;
}

void team_set_nodes(struct team *team, MPI_Comm node) {
  team->node = node;
  MPI_CALL(MPI_Comm_rank(node, &team->node_rank));
  MPI_CALL(MPI_Comm_size(node, &team->node_size));
  team->node_leader = rank_of_leader(team);
  int is_leader = team->node_rank == 0;
  MPI_CALL(MPI_Allreduce(&is_leader, &team->nodes, 1, MPI_INT, MPI_SUM, team->comm));
  MPI_CALL(MPI_Allreduce(&team->node_size, &team->largest_node, 1, MPI_INT, MPI_MAX, team->comm));
  int color = is_leader ? 0 : MPI_UNDEFINED;
  MPI_CALL(MPI_Comm_split(team->comm, color, team->rank, &team->leaders));
  MPI_CALL(MPI_Comm_split(team->flag_comm, color, team->rank, &team->flag_leaders));
  team->node_memory =
      shared_window_allocate(node, TEAM_NODE_MEMORY + TEAM_FLAG_MEMORY, &team->node_window);
  team->flag_memory = (char *)team->node_memory + TEAM_NODE_MEMORY;
}

void team_free_nodes(struct team *team) {
  shared_window_free(&team->node_window);
  if (team->leaders != MPI_COMM_NULL) {
    MPI_CALL(MPI_Comm_free(&team->leaders));
    MPI_CALL(MPI_Comm_free(&team->flag_leaders));
  }
  MPI_CALL(MPI_Comm_free(&team->node));
}

static void count_cores(struct team *team) {
  int cores = topology_count_cores(team, team->cpu, sizeof team->cpu);
  team->node_cores = cores;
  /* {cores, nodes with more workers than cores}, each node counted by its first rank */
  int mine[2] = {0};
  int total[2];
  if (team->node_rank == 0) {
    mine[0] = cores;
    mine[1] = team->node_size * team->threads > cores;
  }
  MPI_CALL(MPI_Allreduce(mine, total, 2, MPI_INT, MPI_SUM, team->comm));
  team->cores = total[0];
  team->oversubscribed = total[1] > 0;
}

static void find_ranks(struct team *team) {
  MPI_CALL(MPI_Comm_rank(team->comm, &team->rank));
  MPI_CALL(MPI_Comm_size(team->comm, &team->size));
  MPI_CALL(MPI_Comm_dup(team->comm, &team->flag_comm));
  MPI_CALL(MPI_Comm_split_type(team->comm, MPI_COMM_TYPE_SHARED, team->rank, MPI_INFO_NULL,
                               &team->node));
  MPI_CALL(MPI_Comm_rank(team->node, &team->node_rank));
}

static void find_places(struct team *team) {
  team_set_nodes(team, team->node);
  count_cores(team);
}

/* With less MPI itself says no more than "internal error". */
static enum status check_room(const struct team *team, struct fault *fault) {
  enum { ROOM = 32 * 1024, OF_A_RANK = 512 }; /* that Open MPI takes for a window, at most */
  int ranks;
  MPI_CALL(MPI_Comm_size(team->node, &ranks));
  shared_window_check(team, (size_t)ROOM + (size_t)ranks * OF_A_RANK, "every launch", fault);
  return team_agree(team, fault);
}

static void free_places(struct team *team) {
  team_free_nodes(team);
  MPI_CALL(MPI_Comm_free(&team->flag_comm));
  MPI_CALL(MPI_Comm_free(&team->comm));
}

void team_describe_library(char text[TEAM_LIBRARY_TEXT]) {
  int length;
  MPI_CALL(MPI_Get_library_version(text, &length));
  text[strcspn(text, ",\n")] = '\0';
}

enum status team_open(struct team *team, struct fault *fault) {
  *team = (struct team){.oversubscribed = true,
                        .leaders = MPI_COMM_NULL,
                        .flag_leaders = MPI_COMM_NULL,
                        .node_window = MPI_WIN_NULL};
  fault->status = STATUS_OK;
  int provided;
  int length;
  launcher_prepare();
  one_sided_prepare();
  MPI_CALL(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided));
  MPI_CALL(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
  MPI_CALL(MPI_Comm_dup(MPI_COMM_WORLD, &team->comm));
  MPI_CALL(MPI_Get_processor_name(team->host, &length));
  team->threads = 1;
  team->has_threads = provided >= MPI_THREAD_FUNNELED;
  team_describe_library(team->library);
  find_ranks(team);
  if (check_room(team, fault) != STATUS_OK) {
    return fault->status;
  }
  find_places(team);
  team->clock_offset = clock_sync_offset(team);
  return launcher_check_size(team->size, fault);
}

void team_close(struct team *team) {
  /* MPI_Finalize spins; nobody enters before everybody can. */
  team_barrier(team, team->comm, WAIT_PATIENT);
  free_places(team);
  MPI_CALL(MPI_Finalize());
}

void team_barrier(const struct team *team, MPI_Comm comm, enum patience patience) {
  MPI_Request request;
  MPI_CALL(MPI_Ibarrier(comm, &request));
  wait_for_all(team, 1, &request, patience, NULL, NULL);
}

void team_broadcast(const struct team *team, MPI_Comm comm, int root, void *buffer, size_t size,
                    enum patience patience) {
  const size_t piece = (size_t)64 << 20; /* counts of MPI 3.1 are ints */
  for (size_t done = 0; done < size; done += piece) {
    size_t length = size - done < piece ? size - done : piece;
    MPI_Request request;
    MPI_CALL(MPI_Ibcast((char *)buffer + done, (int)length, MPI_BYTE, root, comm, &request));
    wait_for_all(team, 1, &request, patience, NULL, NULL);
  }
}

void team_reduce(const struct team *team, double *values, int count, MPI_Op op) {
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, op, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

void team_gather_nodes(const struct team *team, const void *mine, size_t size, void *all) {
  MPI_Request request;
  if (team->leaders != MPI_COMM_NULL) {
    MPI_CALL(MPI_Igather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, team->leaders,
                         &request));
    wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  }
}

bool team_share_verdict(const struct team *team, bool verdict) {
  unsigned char byte = verdict;
  team_broadcast(team, team->comm, 0, &byte, sizeof byte, WAIT_BRISK);
  return byte != 0;
}

enum status team_agree(const struct team *team, struct fault *fault) {
  int mine = fault->status == STATUS_OK ? team->size : team->rank;
  int lowest;
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_PATIENT, NULL, NULL);
  if (lowest == team->size) {
    return STATUS_OK;
  }
  if (lowest == team->rank && team->rank != 0) {
    struct fault inner = *fault;
    fault_set(fault, inner.status, "rank %d on %.64s: %s", team->rank, team->host, inner.text);
  }
  team_broadcast(team, team->comm, lowest, fault, sizeof *fault, WAIT_BRISK);
  return fault->status;
}

void team_part_open(const struct team *whole, int ranks, int threads, struct team *part) {
  *part = *whole;
  part->threads = threads;
  part->leaders = MPI_COMM_NULL;
  part->node_window = MPI_WIN_NULL;
  MPI_CALL(MPI_Comm_split(whole->comm, whole->rank < ranks ? 0 : MPI_UNDEFINED, whole->rank,
                          &part->comm));
  if (team_has_me(part)) {
    find_ranks(part);
    find_places(part);
  }
}

void team_part_close(struct team *part) {
  if (team_has_me(part)) {
    free_places(part);
  }
}
