#define _GNU_SOURCE /* sched_getcpu, process_vm_readv */
#include "mpi/census.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "core/cgroup.h"
#include "core/clock.h"
#include "core/machine.h"
#include "core/memory.h"
#include "core/stats.h"
#include "mpi/call.h"
#include "mpi/topology.h"
#include "mpi/wait.h"

/* Dependent steps of a generator: the same time on every core of one kind, whatever its caches. */
static uint64_t do_work(uint64_t x) {
  enum { STEPS = 2000000 };
  for (int i = 0; i < STEPS; i++) {
    x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    x ^= x >> 29;
  }
  return x;
}

/* For `budget` seconds; *best, the shortest time so far, is the one that was disturbed least. The
   share of the time in which this rank had a core. */
static double work(double budget, double *best) {
  volatile uint64_t result = 1;
  double processor_total = 0;
  double elapsed;
  double start = clock_seconds();
  do {
    double before = clock_thread_seconds();
    result = do_work(result);
    double seconds = clock_thread_seconds() - before;
    processor_total += seconds;
    *best = fmin(*best, seconds);
    elapsed = clock_seconds() - start;
  } while (elapsed < budget);
  return fmin(1, processor_total / elapsed);
}

/* *share is the median of several windows: one in which the machine stood still says nothing of who
   has the core. */
static double best_work(double budget, double *share) {
  enum { WINDOWS = 5 };
  double shares[WINDOWS];
  double best = INFINITY;
  for (int i = 0; i < WINDOWS; i++) {
    shares[i] = work(budget / WINDOWS, &best);
  }
  *share = stats_of(shares, WINDOWS).median;
  return best;
}

/* All ranks at once. */
static double best_work_of_all(const struct team *team, double budget, double *share) {
  team_barrier(team, team->comm, WAIT_BRISK);
  double best = best_work(budget, share);
  team_barrier(team, team->comm, WAIT_PATIENT);
  return best;
}

double census_clock_drop(const struct team *team) {
  double share;
  double together = best_work_of_all(team, 0.15, &share);
  double alone = team->rank == 0 ? best_work(0.15, &share) : 1;
  team_barrier(team, team->comm, WAIT_PATIENT);
  return together / alone;
}

/* Open MPI copies long messages within a host straight from the sender's memory, which a container
   may forbid. Every rank reads a word of the next one on its node. */
static int try_copy(const struct team *team) {
  struct place {
    long pid;
    uint64_t address;
  } mine, theirs;
  static volatile uint64_t word = UINT64_C(0x7061726265636e68);
  mine = (struct place){getpid(), (uint64_t)(uintptr_t)&word};
  int next = (team->node_rank + 1) % team->node_size;
  int previous = (team->node_rank + team->node_size - 1) % team->node_size;
  MPI_Request requests[2];
  MPI_CALL(MPI_Irecv(&theirs, 2, MPI_UINT64_T, next, 0, team->node, &requests[0]));
  MPI_CALL(MPI_Isend(&mine, 2, MPI_UINT64_T, previous, 0, team->node, &requests[1]));
  wait_for_all(team, 2, requests, WAIT_BRISK, NULL, NULL);
  uint64_t copy = 0;
  struct iovec into = {&copy, sizeof copy};
  /* An address of another process. */
  void *there = (void *)(uintptr_t)theirs.address; /* NOLINT(performance-no-int-to-ptr) */
  struct iovec from = {there, sizeof copy};
  ssize_t copied = process_vm_readv((pid_t)theirs.pid, &into, 1, &from, 1, 0);
  int error = copied == (ssize_t)sizeof copy && copy == word ? 0 : copied < 0 ? errno : EIO;
  team_barrier(team, team->node, WAIT_BRISK); /* nobody leaves while it is read */
  return error;
}

static int number_of_node(const struct team *team) {
  int node = 0;
  if (team->leaders != MPI_COMM_NULL) {
    MPI_CALL(MPI_Comm_rank(team->leaders, &node));
  }
  team_broadcast(team, team->node, 0, &node, sizeof node, WAIT_BRISK);
  return node;
}

static double wall_clock(const struct team *team) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec - (clock_seconds() + team->clock_offset);
}

void census_take(const struct team *team, bool copies_directly, struct census_entry *entries) {
  struct census_entry entry = {.pid = getpid(),
                               .parent = getppid(),
                               .cpu = sched_getcpu(),
                               .processors = cgroup_processors(""),
                               .memory = memory_available(),
                               .wall_clock = wall_clock(team),
                               .clock_ahead = 0 - team->clock_offset};
  struct statvfs shared;
  snprintf(entry.host, sizeof entry.host, "%.63s", team->host);
  entry.node = number_of_node(team);
  topology_own_cores(&entry.cores, &entry.cpus, entry.cpu_list, sizeof entry.cpu_list);
  char model[CENSUS_TEXT];
  entry.node_cores = topology_count_cores(team, model, sizeof model);
  entry.host_cores = topology_host_cores();
  if (statvfs("/dev/shm", &shared) == 0) {
    entry.shared_memory = (uint64_t)shared.f_bavail * shared.f_frsize;
  }
  machine_governor("", entry.cpu, entry.governor, sizeof entry.governor);
  int copy_error = try_copy(team);
  entry.copy_error = copies_directly ? copy_error : 0;
  entry.work_seconds = best_work_of_all(team, 0.25, &entry.share);
  MPI_Request request;
  MPI_CALL(MPI_Igather(&entry, sizeof entry, MPI_BYTE, entries, sizeof entry, MPI_BYTE, 0,
                       team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

enum { TAG_MESSAGE = 9, WARM_UP = 10, EXCHANGES = 101 };

/* Where two ranks share a core, an exchange may take tens of milliseconds. */
static const double EXCHANGE_BUDGET = 0.2;

/* There and back; both ranks look without a pause, since a sleep would be what is measured. */
static void exchange(const struct team *team, int other, bool first, char *buffer, int size) {
  for (int turn = 0; turn < 2; turn++) {
    if ((turn == 0) == first) {
      MPI_CALL(MPI_Send(buffer, size, MPI_BYTE, other, TAG_MESSAGE, team->comm));
    } else {
      MPI_CALL(MPI_Recv(buffer, size, MPI_BYTE, other, TAG_MESSAGE, team->comm, MPI_STATUS_IGNORE));
    }
  }
}

/* The side that counts and times; the first byte tells the other whether one more will follow. */
static double time_exchanges(const struct team *team, int other, char *buffer, int size) {
  double seconds[EXCHANGES] = {0};
  size_t count = 0;
  double begin = clock_seconds();
  for (int i = 0; buffer[0] == 0; i++) {
    double start = clock_seconds();
    buffer[0] = i + 1 == WARM_UP + EXCHANGES || (i > 0 && start - begin > EXCHANGE_BUDGET);
    exchange(team, other, true, buffer, size);
    /* The first ones set the connection up; where there is time for few, even those count. */
    count = i <= WARM_UP && start - begin <= EXCHANGE_BUDGET ? 0 : count;
    seconds[count++] = clock_seconds() - start;
  }
  return stats_of(seconds, count).median / 2;
}

double census_message_seconds(const struct team *team, int a, int b, size_t size) {
  double median = 0;
  char *buffer = calloc(1, size + 1);
  team_barrier(team, team->comm, WAIT_BRISK);
  if (buffer == NULL) {
    mpi_call_check(MPI_ERR_NO_MEM, "calloc", __FILE__, __LINE__);
  } else if (team->rank == a) {
    median = time_exchanges(team, b, buffer, (int)size);
  } else if (team->rank == b) {
    while (buffer[0] == 0) {
      exchange(team, a, false, buffer, (int)size);
    }
  }
  free(buffer);
  team_broadcast(team, team->comm, a, &median, sizeof median, WAIT_PATIENT);
  return median;
}
