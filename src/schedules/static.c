/* static: one equal share a worker, or blocks of --chunk. The least to hand out, and right where
   all items and all workers are equal. */
#include "schedules/chunks.h"

static uint64_t static_chunk(const struct schedule_view *view) {
  uint64_t share = chunk_divide_up(view->items, view->workers);
  return chunk_in_bounds(view, view->chunk > 0 ? view->chunk : share);
}

const struct schedule static_schedule = {
    .name = "static",
    .summary = "one equal share a worker, or blocks of --chunk",
    .constant = true,
    .chunk = static_chunk,
};
