/* Which cores this job may use. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "mpi/team.h"

/* Cores (not hardware threads) that the ranks of this node may run on together, by their binding
   and by the processor time that control groups allow (rounded down, at least one); the same on
   every rank of the node. Collective over team->node. On the node's first rank, also the CPU's
   model name. */
int topology_count_cores(const struct team *team, char *cpu, size_t cpu_size);

/* Cores, and their hardware threads, that this process may run on by its binding; *list: the
   threads' numbers, "0-3,8". Not collective. */
void topology_own_cores(int *cores, int *cpus, char *list, size_t list_size);

/* Cores that the host shows this process, whatever its binding. Not collective. */
int topology_host_cores(void);

/* Bytes of the caches next to memory that the host shows this process, all of them together; 0
   where none are known. Not collective. */
uint64_t topology_cache_bytes(void);
