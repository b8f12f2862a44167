/* factoring: FAC2, batches of one chunk a worker that together take half of what is left.

   S. F. Hummel, E. Schonberg and L. E. Flynn, Factoring: a method for scheduling parallel loops,
   Communications of the ACM 35(8), 1992, pp. 90-101. */
#include "schedules/chunks.h"

static uint64_t factoring_chunk(const struct schedule_view *view) {
  return chunk_in_bounds(view, chunk_of_batch(view));
}

const struct schedule factoring_schedule = {
    .name = "factoring",
    .summary = "batches that take half of what is left, at least --chunk",
    .chunk = factoring_chunk,
};
