#define _GNU_SOURCE /* sched_getaffinity */
#include "mpi/topology.h"

#include <hwloc.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/cgroup.h"
#include "mpi/call.h"

enum { MAX_CPUS = 8192, WORD_BITS = 64, WORDS = MAX_CPUS / WORD_BITS };

/* Cores that hold at least one of the CPUs in the mask. */
static int cores_in(hwloc_topology_t topology, const uint64_t mask[WORDS]) {
  int cores = 0;
  hwloc_obj_t core = NULL;
  while ((core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core)) != NULL) {
    bool usable = false;
    for (int cpu = hwloc_bitmap_first(core->cpuset); cpu >= 0 && cpu < MAX_CPUS;
         cpu = hwloc_bitmap_next(core->cpuset, cpu)) {
      usable = usable || (mask[cpu / WORD_BITS] >> cpu % WORD_BITS & 1) != 0;
    }
    cores += usable;
  }
  return cores;
}

static int cpus_in(const uint64_t mask[WORDS]) {
  int cpus = 0;
  for (int i = 0; i < WORDS; i++) {
    cpus += __builtin_popcountll(mask[i]);
  }
  return cpus;
}

static int ask_hwloc(const uint64_t mask[WORDS], char *cpu, size_t cpu_size) {
  hwloc_topology_t topology;
  int cores = 0;
  snprintf(cpu, cpu_size, "unknown CPU");
  if (hwloc_topology_init(&topology) == 0) {
    /* Cores only: the rest of the tree costs time and is not looked at. */
    hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_CORE, HWLOC_TYPE_FILTER_KEEP_ALL);
    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_PACKAGE, HWLOC_TYPE_FILTER_KEEP_ALL);
    if (hwloc_topology_load(topology) == 0) {
      cores = cores_in(topology, mask);
      hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
      const char *model = package == NULL ? NULL : hwloc_obj_get_info_by_name(package, "CPUModel");
      if (model != NULL) {
        snprintf(cpu, cpu_size, "%s", model);
      }
    }
    hwloc_topology_destroy(topology);
  }
  return cores > 0 ? cores : cpus_in(mask);
}

/* A container or a batch system may allow less processor time than the cores that it shows. */
static int allowed_cores(int cores) {
  double processors = cgroup_processors("");
  return processors < cores ? (int)fmax(1, floor(processors + 0.01)) : cores;
}

int topology_count_cores(const struct team *team, char *cpu, size_t cpu_size) {
  uint64_t mine[WORDS] = {0};
  uint64_t all[WORDS];
  int cores = 0;
  sched_getaffinity(0, sizeof mine, (cpu_set_t *)mine);
  MPI_CALL(MPI_Reduce(mine, all, WORDS, MPI_UINT64_T, MPI_BOR, 0, team->node));
  if (team->node_rank == 0) {
    cores = allowed_cores(ask_hwloc(all, cpu, cpu_size));
  }
  MPI_CALL(MPI_Bcast(&cores, 1, MPI_INT, 0, team->node));
  return cores > 0 ? cores : 1;
}

static bool is_set(const uint64_t mask[WORDS], int cpu) {
  return cpu < MAX_CPUS && (mask[cpu / WORD_BITS] >> cpu % WORD_BITS & 1) != 0;
}

/* "0-3,8"; cut short where it does not fit. */
static void list_cpus(const uint64_t mask[WORDS], char *list, size_t size) {
  size_t used = 0;
  list[0] = '\0';
  for (int cpu = 0; cpu < MAX_CPUS && used < size; cpu++) {
    if (is_set(mask, cpu)) {
      int last = cpu;
      while (is_set(mask, last + 1)) {
        last++;
      }
      used += (size_t)snprintf(list + used, size - used, last == cpu ? "%s%d" : "%s%d-%d",
                               used > 0 ? "," : "", cpu, last);
      cpu = last;
    }
  }
}

void topology_own_cores(int *cores, int *cpus, char *list, size_t list_size) {
  uint64_t mine[WORDS] = {0};
  char model[128];
  sched_getaffinity(0, sizeof mine, (cpu_set_t *)mine);
  *cpus = cpus_in(mine);
  *cores = ask_hwloc(mine, model, sizeof model);
  list_cpus(mine, list, list_size);
}

int topology_host_cores(void) {
  uint64_t every[WORDS];
  char model[128];
  memset(every, 0xff, sizeof every);
  return ask_hwloc(every, model, sizeof model);
}

uint64_t topology_cache_bytes(void) {
  hwloc_topology_t topology;
  uint64_t bytes = 0;
  if (hwloc_topology_init(&topology) != 0) {
    return 0;
  }
  hwloc_topology_set_all_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
  hwloc_topology_set_cache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL);
  if (hwloc_topology_load(topology) == 0) {
    for (int level = HWLOC_OBJ_L3CACHE; level >= HWLOC_OBJ_L1CACHE && bytes == 0; level--) {
      hwloc_obj_t cache = NULL;
      while ((cache = hwloc_get_next_obj_by_type(topology, (hwloc_obj_type_t)level, cache)) !=
             NULL) {
        bytes += cache->attr->cache.size;
      }
    }
  }
  hwloc_topology_destroy(topology);
  return bytes;
}
