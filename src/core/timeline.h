/* When a worker was at work during a run, and when it had a core for it: seconds in equal stretches
   of the run. A run may be of any length and takes always the same memory: when the stretches are
   used up, neighbours are joined and each lasts twice as long. */
#pragma once

#include <stddef.h>

enum { TIMELINE_STRETCHES = 128 };

struct timeline {
  double began;                    /* clock_seconds() at the run's start */
  double seconds;                  /* how long the run was; set at its end */
  double stretch;                  /* seconds, a microsecond times a power of two */
  double busy[TIMELINE_STRETCHES]; /* seconds of work in each stretch */
  double core[TIMELINE_STRETCHES]; /* processor seconds of it: less where others had the core */
};

void timeline_begin(struct timeline *timeline, double now);

/* There was work from `from` to `to` (clock_seconds(), from >= began), which took `core` processor
   seconds; of those no more count than there were seconds. */
void timeline_add(struct timeline *timeline, double from, double to, double core);

/* Join stretches until there is room for the run up to `seconds` after its start. */
void timeline_reach(struct timeline *timeline, double seconds);

/* Join stretches until each lasts `stretch` seconds, one of this or another timeline's. A shorter
   one than the present changes nothing. */
void timeline_coarsen(struct timeline *timeline, double stretch);

/* At the end of the run: everything so many seconds later, for it had begun that long before
   timeline_begin. */
void timeline_delay(struct timeline *timeline, double seconds);

/* The work of another worker in the same run. */
void timeline_add_up(struct timeline *into, const struct timeline *from);

/* How many stretches the run had, and how long the index-th of them was: the last one is shorter.
 */
size_t timeline_count(const struct timeline *timeline);
double timeline_length(const struct timeline *timeline, size_t index);
