/* What every rank is: its process, where it runs, what it may use, how fast it is. */
#pragma once

#include <stdint.h>

#include "mpi/team.h"

enum { CENSUS_TEXT = 64 };

struct census_entry {
  char host[CENSUS_TEXT];         /* names and lists are cut short where they are longer */
  int node;                       /* 0 ... nodes - 1 */
  int pid, parent;                /* process ids on its host */
  int cores, cpus;                /* that it may run on: cores, and their hardware threads */
  char cpu_list[CENSUS_TEXT];     /* "0-3,8": those hardware threads */
  int cpu;                        /* where it runs at the moment */
  int node_cores;                 /* cores that all ranks of its node together may use */
  int host_cores;                 /* cores that its host shows, whatever the binding */
  double processors;              /* that control groups allow it; INFINITY: no limit */
  uint64_t memory, shared_memory; /* bytes free on its host, and in its /dev/shm */
  double wall_clock;   /* its host's time of day, in seconds, when rank 0's clock showed 0 */
  double clock_ahead;  /* seconds that its host's clock_seconds() is ahead of rank 0's */
  double work_seconds; /* processor time of a short job that is the same on all ranks, at best */
  double share;        /* of the time in which it had a core while all did that job at once */
  int copy_error; /* errno of reading a neighbour's memory, where MPI does so for long messages; 0
                   */
  char governor[CENSUS_TEXT]; /* of its core's clock; "" where there is none */
};

/* Collective; takes about a quarter of a second. copies_directly: whether this rank's MPI reads
   neighbours' memory (mpi/library.h). entries[team->size], filled on rank 0. */
void census_take(const struct team *team, bool copies_directly, struct census_entry *entries);

/* Collective. Seconds that a message of `size` bytes, 1 or more, takes from rank a to rank b, one
   way: the median of many there and back, of as many as take a fifth of a second. Known on rank 0.
 */
double census_message_seconds(const struct team *team, int a, int b, size_t size);

/* Collective; takes about a third of a second. How much longer rank 0 takes for a short job that
   needs nothing but its core when all ranks do it at once than when it does so alone, in processor
   time: 1.1 is a clock that is 10 % slower. Known on rank 0. */
double census_clock_drop(const struct team *team);
