/* Schedules: how many items the next chunk has. Pure functions of what is left, so that every
   dispatcher can use every schedule, and a chunk can be drawn by one atomic addition.

   A worker reads the position, asks for a chunk of what is then left, and adds it to the position.
   Another may have drawn in between: the chunk is then one for a slightly earlier position, and may
   reach past the end. The dispatcher cuts it there, and leaves the position room to run over: by at
   most the largest chunk for each worker that draws at once, and no chunk exceeds `items`. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All counts are in units of the grain, and right for items up to 2^63 and workers up to 2^24. */
struct schedule_view {
  uint64_t items;     /* to be handed out in all, >= 1 */
  uint64_t remaining; /* not handed out yet, 1 ... items; may be a little out of date */
  uint64_t workers;   /* that share them, >= 1 */
  uint64_t chunk; /* --chunk: the size, or the least one, of chunks; 0: the schedule's own choice */
  double weight;  /* this worker's measured speed over the mean of all; 1 while unknown */
};

struct schedule {
  const char *name, *summary;
  bool constant; /* a chunk's size depends on what is left only where that is less */

  /* The next chunk, in units of the grain: 1 ... remaining. Depends on nothing but the view, never
     waits, and takes constant time or that of a few dozen divisions. */
  uint64_t (*chunk)(const struct schedule_view *view);
};

/* The registry: one word a schedule. */
#define SCHEDULES(X) X(static) X(dynamic) X(guided) X(trapezoid) X(factoring) X(adaptive)
#define SCHEDULE_DECLARE(name) extern const struct schedule name##_schedule;
SCHEDULES(SCHEDULE_DECLARE)
#undef SCHEDULE_DECLARE

#define SCHEDULE_NAMES "static|dynamic|guided|trapezoid|factoring|adaptive"

/* A schedule by name, or NULL. */
const struct schedule *schedule_find(const char *name);
