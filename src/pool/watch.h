/* Watching a job from rank 0: how much of it is done, as far as rank 0 knows without asking. */
#pragma once

#include <stdint.h>

struct dispatcher;

struct watch {
  /* Called on rank 0 by the main thread between slices and while it waits; returns at once mostly.
     done: an estimate, 0 ... total items. now: clock_seconds(). */
  void (*show)(void *data, uint64_t done, uint64_t total, double now);
  void *data;

  /* The pool's. */
  const struct dispatcher *dispatcher;
  const void *source;
  uint64_t items, grain, workers;
};

/* Rank 0, whose worker has done `own_items`, or is done itself (UINT64_MAX). watch NULL: nothing.
 */
void watch_look(const struct watch *watch, uint64_t own_items);
