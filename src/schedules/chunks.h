/* What several schedules have in common: bounds, rounding up, and the batches of factoring. */
#pragma once

#include <stdint.h>

#include "schedules/schedule.h"

/* ceil(items / parts) for items >= 1, without the overflow of (items + parts - 1). */
static inline uint64_t chunk_divide_up(uint64_t items, uint64_t parts) {
  return (items - 1) / parts + 1;
}

/* `size` as a chunk: at least --chunk and 1, and at most what is left. */
static inline uint64_t chunk_in_bounds(const struct schedule_view *view, uint64_t size) {
  size = size < view->chunk ? view->chunk : size;
  size = size < 1 ? 1 : size;
  return size < view->remaining ? size : view->remaining;
}

/* The chunk that factoring (FAC2) gives every worker of the batch under way: at least 1, and in the
   last batches perhaps more than what is left. */
uint64_t chunk_of_batch(const struct schedule_view *view);
