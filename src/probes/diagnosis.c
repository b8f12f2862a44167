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
  const struct census_entry *entries;
  int size;
  double usual_seconds; /* of the short job, the median over ranks */
  struct finding *findings;
  size_t count;
};

/* One node as its ranks see it. */
struct node {
  const struct census_entry *first;
  int ranks;
  int slow;        /* ranks that are */
  int slowest;     /* rank */
  int crowded_out; /* a rank that often had no core; -1 */
  int twin[2];     /* two ranks bound to the same single core; -1 */
};

__attribute__((format(printf, 3, 4))) static void
find(struct diagnosis *diagnosis, const char *remedy, const char *format, ...) {
  if (diagnosis->count < DIAGNOSIS_MOST) {
    struct finding *finding = &diagnosis->findings[diagnosis->count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->problem, sizeof finding->problem, format, arguments);
    va_end(arguments);
    snprintf(finding->remedy, sizeof finding->remedy, "%s", remedy);
  }
}

static bool is_slow(const struct diagnosis *diagnosis, int rank) {
  return diagnosis->entries[rank].work_seconds > SLOW * diagnosis->usual_seconds;
}

static int find_twin(const struct diagnosis *diagnosis, int rank) {
  const struct census_entry *entry = &diagnosis->entries[rank];
  for (int other = 0; other < rank; other++) {
    const struct census_entry *earlier = &diagnosis->entries[other];
    if (earlier->node == entry->node && entry->cores == 1 && earlier->cores == 1 &&
        strcmp(earlier->cpu_list, entry->cpu_list) == 0) {
      return other;
    }
  }
  return -1;
}

static struct node look_at_node(const struct diagnosis *diagnosis, int first) {
  struct node node = {.first = &diagnosis->entries[first], .crowded_out = -1, .twin = {-1, -1}};
  for (int rank = first; rank < diagnosis->size; rank++) {
    const struct census_entry *entry = &diagnosis->entries[rank];
    if (entry->node != node.first->node) {
      continue;
    }
    node.ranks++;
    if (is_slow(diagnosis, rank)) {
      node.slowest =
          node.slow == 0 || entry->work_seconds > diagnosis->entries[node.slowest].work_seconds
              ? rank
              : node.slowest;
      node.slow++;
    }
    if (entry->share < LEAST_SHARE) {
      node.crowded_out = rank;
    }
    if (node.twin[0] < 0 && find_twin(diagnosis, rank) >= 0) {
      node.twin[0] = find_twin(diagnosis, rank);
      node.twin[1] = rank;
    }
  }
  return node;
}

static void check_cores(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *first = node->first;
  if (node->ranks > first->node_cores) {
    find(diagnosis,
         "start fewer ranks (mpirun -np), or on more hosts (--hostfile); for trying things out it "
         "may stay so: parbench's ranks sleep while they wait",
         "%s: %d ranks share %d core%s", first->host, node->ranks, first->node_cores,
         first->node_cores == 1 ? "" : "s");
  } else if (node->twin[0] >= 0) {
    find(diagnosis,
         "mpirun --map-by core --bind-to core (Open MPI 4 and 5), and one mpirun at a time on a "
         "host, or --bind-to none",
         "%s: ranks %d and %d are bound to the same core, hardware threads %s", first->host,
         node->twin[0], node->twin[1], diagnosis->entries[node->twin[1]].cpu_list);
  } else if (node->crowded_out >= 0) {
    find(diagnosis,
         "see with top what else runs there; under SLURM ask for whole nodes: --exclusive",
         "%s: rank %d had its core for only %.0f %% of the time: something else runs there",
         first->host, node->crowded_out, 100 * diagnosis->entries[node->crowded_out].share);
  }
  if (first->processors < first->cores) {
    find(diagnosis,
         "give the container or the job more: docker run --cpus N, sbatch --cpus-per-task N; or "
         "start no more ranks than that",
         "%s: control groups allow %.3g processors' time on %d cores", first->host,
         first->processors, first->cores);
  }
}

static void check_speed(struct diagnosis *diagnosis, const struct node *node) {
  const char *remedy = "is its clock held down (cpupower frequency-info; governor performance), is "
                       "it hot, or does another virtual machine share it? To leave a host out: "
                       "sbatch --exclude HOST, or take it from the hostfile";
  if (node->slow == 0) {
    return;
  }
  double times = diagnosis->entries[node->slowest].work_seconds / diagnosis->usual_seconds;
  if (node->slow == node->ranks && node->ranks < diagnosis->size) {
    find(diagnosis, remedy, "%s is slow: the same work takes its cores up to %.2f times as long",
         node->first->host, times);
  } else {
    find(diagnosis, remedy,
         "%s: %d of %d ranks are slow; rank %d, on hardware thread %d, takes %.2f times as long",
         node->first->host, node->slow, node->ranks, node->slowest,
         diagnosis->entries[node->slowest].cpu, times);
  }
}

static void check_memory(struct diagnosis *diagnosis, const struct node *node) {
  const struct census_entry *first = node->first;
  if (first->shared_memory < LEAST_SHARED_MEMORY) {
    find(diagnosis,
         "docker run --shm-size=2g, or mount -o remount,size=50% /dev/shm; files that ended jobs "
         "left there (vader_segment.*, sm_segment.*) may be removed",
         "%s: /dev/shm has only %.0f MiB free: shared data will not fit", first->host,
         (double)first->shared_memory / 0x1p20);
  }
  if (first->memory / LEAST_MEMORY_A_RANK < (uint64_t)node->ranks) {
    find(diagnosis, "start fewer ranks there, or ask for more: sbatch --mem, docker run --memory",
         "%s: only %.0f MiB of memory are free for %d ranks", first->host,
         (double)first->memory / 0x1p20, node->ranks);
  }
  if (node->ranks > 1 && first->copy_error != 0) {
    find(diagnosis,
         "docker run --cap-add=SYS_PTRACE; or without it, Open MPI 4: mpirun --mca "
         "btl_vader_single_copy_mechanism none, Open MPI 5: mpirun --mca smsc ^cma",
         "%s: ranks may not read one another's memory (%s): MPI complains or copies twice",
         first->host, strerror(first->copy_error));
  }
}

static void check_clock(struct diagnosis *diagnosis, const struct node *node) {
  double apart = node->first->wall_clock - diagnosis->entries[0].wall_clock;
  if (fabs(apart) > CLOCKS_APART) {
    find(diagnosis,
         "timedatectl set-ntp true, or chrony, on both (parbench's own times do not depend on it)",
         "%s: the time of day is %.1f s %s that of %s", node->first->host, fabs(apart),
         apart > 0 ? "ahead of" : "behind", diagnosis->entries[0].host);
  }
}

static double usual_seconds(const struct census_entry *entries, int size) {
  double *seconds = malloc((size_t)size * sizeof *seconds);
  if (seconds == NULL) {
    return INFINITY; /* then nobody is slow */
  }
  for (int rank = 0; rank < size; rank++) {
    seconds[rank] = entries[rank].work_seconds;
  }
  double median = stats_of(seconds, (size_t)size).median;
  free(seconds);
  return median;
}

static bool is_first_of_node(const struct census_entry *entries, int rank) {
  for (int other = 0; other < rank; other++) {
    if (entries[other].node == entries[rank].node) {
      return false;
    }
  }
  return true;
}

size_t diagnosis_make(const struct census_entry *entries, int size, struct finding *findings) {
  struct diagnosis diagnosis = {.entries = entries,
                                .size = size,
                                .usual_seconds = usual_seconds(entries, size),
                                .findings = findings};
  for (int rank = 0; rank < size; rank++) {
    if (is_first_of_node(entries, rank)) {
      struct node node = look_at_node(&diagnosis, rank);
      check_cores(&diagnosis, &node);
      check_speed(&diagnosis, &node);
      check_memory(&diagnosis, &node);
      check_clock(&diagnosis, &node);
    }
  }
  return diagnosis.count;
}
