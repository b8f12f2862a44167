#include "probes/diagnosis.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats.h"

/* Equal cores measure the same work within a few percent; a clock or a neighbour that takes a fifth
   is worth a look. */
static const double SLOW = 1.25;
static const double LEAST_SHARE = 0.8;
/* Docker's standard is 64 MiB, of which Open MPI takes some 4 MiB a rank. */
static const uint64_t LEAST_SHARED_MEMORY = UINT64_C(96) << 20;
static const uint64_t LEAST_MEMORY_A_RANK = UINT64_C(64) << 20;
/* Files written by hosts whose clocks differ by more confuse make and people alike. */
static const double CLOCKS_APART = 1;

struct diagnosis {
  const struct launch *launch;
  const struct census_entry *entries; /* the launch's */
  int size;
  double usual_seconds; /* of the short job */
  struct finding *findings;
  size_t count;
};

/* One node as its ranks see it. */
struct node {
  const struct census_entry *first;
  int ranks;
  int slow;    /* ranks that are */
  int slowest; /* rank */
  int crowded; /* ranks that often had no core */
  int worst;   /* the rank that had its core least */
  int twin[2]; /* two ranks bound to the same single core; -1 */
};

/* A new finding, whose remedy is to be written. node: NULL for the launch as a whole. */
__attribute__((format(printf, 4, 5))) static struct finding *find(struct diagnosis *diagnosis,
                                                                  const struct node *node,
                                                                  const char *kind,
                                                                  const char *format, ...) {
  struct finding *finding = &diagnosis->findings[diagnosis->count++];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->problem, sizeof finding->problem, format, arguments);
  va_end(arguments);
  finding->kind = kind;
  finding->scope = FINDING_HOST;
  finding->slow_seconds = SLOW * diagnosis->usual_seconds;
  finding->node = node == NULL ? -1 : node->first->node;
  return finding;
}

static struct finding *about(enum finding_scope scope, struct finding *finding) {
  finding->scope = scope;
  return finding;
}

__attribute__((format(printf, 2, 3))) static void remedy(struct finding *finding,
                                                         const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(finding->remedy, sizeof finding->remedy, format, arguments);
  va_end(arguments);
}

static bool is_slow(const struct diagnosis *diagnosis, int rank) {
  return diagnosis->entries[rank].work_seconds > SLOW * diagnosis->usual_seconds;
}

static bool is_first_of_node(const struct diagnosis *diagnosis, int rank) {
  for (int other = 0; other < rank; other++) {
    if (diagnosis->entries[other].node == diagnosis->entries[rank].node) {
      return false;
    }
  }
  return true;
}

/* The first rank below `size` that is bound to the same single core; -1: none is. */
static int find_twin(const struct census_entry *entries, int size, int rank) {
  const struct census_entry *entry = &entries[rank];
  for (int other = 0; other < size; other++) {
    if (other != rank && entries[other].node == entry->node && entry->cores == 1 &&
        entries[other].cores == 1 && strcmp(entries[other].cpu_list, entry->cpu_list) == 0) {
      return other;
    }
  }
  return -1;
}

static struct node look_at_node(const struct diagnosis *diagnosis, int first) {
  const struct census_entry *entries = diagnosis->entries;
  struct node node = {.first = &entries[first], .slowest = first, .worst = first, .twin = {-1, -1}};
  for (int rank = first; rank < diagnosis->size; rank++) {
    const struct census_entry *entry = &entries[rank];
    if (entry->node != node.first->node) {
      continue;
    }
    node.ranks++;
    node.slow += is_slow(diagnosis, rank);
    node.slowest = entry->work_seconds > entries[node.slowest].work_seconds ? rank : node.slowest;
    node.crowded += entry->share < LEAST_SHARE;
    node.worst = entry->share < entries[node.worst].share ? rank : node.worst;
    if (node.twin[0] < 0 && find_twin(entries, rank, rank) >= 0) {
      node.twin[0] = find_twin(entries, rank, rank);
      node.twin[1] = rank;
    }
  }
  return node;
}

static const char *plural(int count) {
  return count == 1 ? "" : "s";
}

/* How to start no more ranks on a node than `most`: with several, by the hostfile. */
static const char *fewer_ranks(const struct diagnosis *diagnosis, const struct node *node, int most,
                               char *text, size_t size) {
  if (node->ranks == diagnosis->size) {
    snprintf(text, size, "mpirun -np %d", most);
  } else {
    snprintf(text, size, "%s slots=%d in the hostfile", node->first->host, most);
  }
  return text;
}

/* More ranks than cores, for one of three reasons. */
static void tell_too_few_cores(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *first = node->first;
  char fewer[CENSUS_TEXT + 64];
  if (first->processors < fmin(first->host_cores, first->node_cores + 0.99)) {
    int enough = node->ranks < first->host_cores ? node->ranks : first->host_cores;
    remedy(
        find(diagnosis, node, "cgroup-limit",
             "%s: %d rank%s share the time of %.3g processor%s, all that control groups allow on "
             "%d core%s",
             first->host, node->ranks, plural(node->ranks), first->processors,
             first->processors == 1 ? "" : "s", first->host_cores, plural(first->host_cores)),
        "docker run --cpus %d, or sbatch --cpus-per-task, allows more; or %s", enough,
        fewer_ranks(diagnosis, node, (int)fmax(1, first->processors), fewer, sizeof fewer));
  } else if (first->node_cores < first->host_cores && node->ranks <= first->host_cores) {
    remedy(about(FINDING_ALL,
                 find(diagnosis, node, "same-core",
                      "%s: %d ranks are bound to %d core%s together, of the host's %d (hardware "
                      "threads %s)",
                      first->host, node->ranks, first->node_cores, plural(first->node_cores),
                      first->host_cores, first->cpu_list)),
           "mpirun --map-by core --bind-to core (Open MPI 4 and 5); where the launcher itself is "
           "confined, by taskset or by SLURM: taskset -c 0-$(($(nproc --all)-1)) mpirun ..., "
           "sbatch --ntasks-per-node=%d",
           node->ranks);
  } else {
    remedy(find(diagnosis, node, "oversubscribed", "%s: %d ranks share %d core%s", first->host,
                node->ranks, first->node_cores, plural(first->node_cores)),
           "%s, or more hosts: mpirun --hostfile FILE; for trying things out it may stay so, ranks "
           "that wait sleep: mpirun --oversubscribe (Open MPI 4), mpirun --map-by :OVERSUBSCRIBE "
           "(Open MPI 5)",
           fewer_ranks(diagnosis, node, first->node_cores, fewer, sizeof fewer));
  }
}

static void check_cores(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *first = node->first;
  if (node->ranks > first->node_cores || node->ranks > first->processors) {
    tell_too_few_cores(diagnosis, node);
  } else if (node->twin[0] >= 0) {
    remedy(about(FINDING_TWIN,
                 find(diagnosis, node, "same-core",
                      "%s: ranks %d and %d are bound to the same core, hardware threads %s",
                      first->host, node->twin[0], node->twin[1],
                      diagnosis->entries[node->twin[1]].cpu_list)),
           "mpirun --map-by core --bind-to core (Open MPI 4 and 5)");
  } else if (node->crowded > 0) {
    const struct census_entry *worst = &diagnosis->entries[node->worst];
    remedy(about(FINDING_BUSY,
                 find(diagnosis, node, "busy-core",
                      "%s: something else runs on the cores of %d of %d rank%s; rank %d (hardware "
                      "threads %s) had its own for %.0f %% of the time",
                      first->host, node->crowded, node->ranks, plural(node->ranks), node->worst,
                      worst->cpu_list, 100 * worst->share)),
           "top on %s shows what; two mpiruns at a time bind to the same cores: mpirun --bind-to "
           "none; under SLURM ask for whole nodes: sbatch --exclusive",
           first->host);
  }
}

static void check_speed(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *slowest = &diagnosis->entries[node->slowest];
  double times = slowest->work_seconds / diagnosis->usual_seconds;
  struct finding *finding;
  if (node->slow == 0) {
    return;
  }
  if (node->slow == node->ranks && node->ranks < diagnosis->size) {
    finding = find(diagnosis, node, "slow-node",
                   "%s is slow: the same work takes its cores up to %.2f times as long",
                   node->first->host, times);
  } else {
    finding = find(diagnosis, node, "slow-core",
                   "%s: %d of %d ranks are slow; rank %d, on hardware thread %d, takes %.2f times "
                   "as long",
                   node->first->host, node->slow, node->ranks, node->slowest, slowest->cpu, times);
  }
  remedy(about(FINDING_SLOW, finding),
         "cpupower frequency-info shows whether its clock is held down (cpupower frequency-set -g "
         "performance); a hot or shared machine stays slow: sbatch --exclude=%s, or take it from "
         "the hostfile",
         node->first->host);
}

static void check_memory(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *first = node->first;
  if (first->shared_memory < LEAST_SHARED_MEMORY) {
    remedy(find(diagnosis, node, "shared-memory",
                "%s: /dev/shm has only %.0f MiB free: shared data will not fit", first->host,
                (double)first->shared_memory / 0x1p20),
           "mount -o remount,size=50%% /dev/shm, or docker run --shm-size=2g; when no job runs, rm "
           "/dev/shm/vader_segment.* /dev/shm/sm_segment.* frees what killed ones left");
  }
  if (first->memory / LEAST_MEMORY_A_RANK < (uint64_t)node->ranks) {
    remedy(find(diagnosis, node, "memory", "%s: only %.0f MiB of memory are free for %d rank%s",
                first->host, (double)first->memory / 0x1p20, node->ranks, plural(node->ranks)),
           "start fewer ranks there, or ask for more: sbatch --mem, docker run --memory");
  }
  if (node->ranks > 1 && first->copy_error != 0) {
    remedy(
        find(diagnosis, node, "cross-memory-attach",
             "%s: ranks may not read one another's memory (%s): MPI complains of every long "
             "message, and copies it twice",
             first->host, strerror(first->copy_error)),
        "docker run --cap-add=SYS_PTRACE; without it: mpirun --mca "
        "btl_vader_single_copy_mechanism none (Open MPI 4), mpirun --mca smsc ^cma (Open MPI 5)");
  }
}

/* How far hosts' own clocks are apart does no harm: they are compared on rank 0's. */
static void check_clock(struct diagnosis *diagnosis, const struct node *node) {
  double apart = node->first->wall_clock - diagnosis->entries[0].wall_clock;
  if (fabs(apart) > CLOCKS_APART) {
    remedy(find(diagnosis, node, "time-of-day", "%s: the time of day is %.1f s %s that of %s",
                node->first->host, fabs(apart), apart > 0 ? "ahead of" : "behind",
                diagnosis->entries[0].host),
           "timedatectl set-ntp true on both (parbench's own times do not depend on it)");
  }
}

/* Open MPI 4 without pt2pt takes rdma, whose compare-and-swap crashes over shared memory. */
static bool leaves_crashing_component(const struct launch *launch) {
  return launch->open_mpi_4 && launch->size > 1 && launch->osc[0] == '^' &&
         strstr(launch->osc, "pt2pt") != NULL && strstr(launch->osc, "rdma") == NULL;
}

static void check_launch(struct diagnosis *diagnosis) {
  const struct launch *launch = diagnosis->launch;
  if (launch->tasks_left_alone > 0) {
    remedy(find(diagnosis, NULL, "alone",
                "SLURM gave %ld tasks, and this is one rank, started without a launcher",
                launch->tasks_left_alone),
           "srun --mpi=pmix ./parbench ... where srun --mpi=list names pmix; anywhere: mpirun "
           "./parbench ... (Open MPI 4 and 5)");
  }
  if (!launch->one_sided || leaves_crashing_component(launch)) {
    remedy(
        find(diagnosis, NULL, "one-sided",
             launch->one_sided
                 ? "one-sided MPI with osc = %s may crash on one host (compare-and-swap)"
                 : "one-sided MPI does not work between these ranks with osc = %s",
             launch->osc[0] == '\0' ? "(its default)" : launch->osc),
        "unset OMPI_MCA_osc, or take the line osc from ~/.openmpi/mca-params.conf (Open MPI 4 and "
        "5); or mpirun --mca osc ^ucx,rdma (Open MPI 4), mpirun --mca osc ^ucx (Open MPI 5)");
  }
}

/* What an ordinary core takes: as a median, but where half the ranks are slow, as those of one of
   two hosts, it is the other half that is ordinary. */
static double usual_seconds(const struct launch *launch) {
  double *seconds = malloc((size_t)launch->size * sizeof *seconds);
  if (seconds == NULL) {
    return INFINITY; /* then nobody is slow */
  }
  for (int rank = 0; rank < launch->size; rank++) {
    seconds[rank] = launch->entries[rank].work_seconds;
  }
  stats_sort(seconds, (size_t)launch->size);
  double usual = seconds[(launch->size - 1) / 2];
  free(seconds);
  return usual;
}

/* Of the launch two at most; of a node one on its cores, one on their speed, three on memory, one
   on the clock. */
size_t diagnosis_most(int nodes) {
  enum { OF_LAUNCH = 2, OF_NODE = 6 };
  return OF_LAUNCH + (size_t)nodes * OF_NODE;
}

size_t diagnosis_make(const struct launch *launch, struct finding *findings) {
  struct diagnosis diagnosis = {.launch = launch,
                                .entries = launch->entries,
                                .size = launch->size,
                                .usual_seconds = usual_seconds(launch),
                                .findings = findings};
  check_launch(&diagnosis);
  for (int rank = 0; rank < launch->size; rank++) {
    if (is_first_of_node(&diagnosis, rank)) {
      struct node node = look_at_node(&diagnosis, rank);
      check_cores(&diagnosis, &node);
      check_speed(&diagnosis, &node);
      check_memory(&diagnosis, &node);
      check_clock(&diagnosis, &node);
    }
  }
  return diagnosis.count;
}

bool diagnosis_concerns(const struct launch *launch, const struct finding *finding, int rank) {
  const struct census_entry *entry = &launch->entries[rank];
  if (entry->node != finding->node) {
    return false;
  }
  switch (finding->scope) {
  case FINDING_HOST:
    break;
  case FINDING_ALL:
    return true;
  case FINDING_SLOW:
    return entry->work_seconds > finding->slow_seconds;
  case FINDING_BUSY:
    return entry->share < LEAST_SHARE;
  case FINDING_TWIN:
    return find_twin(launch->entries, launch->size, rank) >= 0;
  }
  return false;
}
