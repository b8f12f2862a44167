/* Limits that Linux control groups set to this process: a container's, or a SLURM job's. Both
   versions of control groups are read, and every group up to the root counts: the tightest limit
   holds.

   `root` stands before the paths that are read: "" for this system, a folder for tests. */
#pragma once

#include <stdint.h>

/* How many processors' worth of time may be used; INFINITY without a limit. */
double cgroup_processors(const char *root);

/* Bytes of memory that may still be taken; UINT64_MAX without a limit. */
uint64_t cgroup_memory_left(const char *root);
