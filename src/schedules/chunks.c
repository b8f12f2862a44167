#include "schedules/chunks.h"

/* Batches depend on nothing but items and workers, so going through them again finds the one that
   the remaining items lie in. Each takes at least half of what is left: at most 64 rounds, and no
   drift when chunks are weighted or drawn at the same moment. */
uint64_t chunk_of_batch(const struct schedule_view *view) {
  uint64_t batch_start = view->items; /* what was left then */
  for (;;) {
    uint64_t chunk = chunk_divide_up(batch_start, 2 * view->workers);
    uint64_t batch = chunk * view->workers;
    if (batch >= batch_start || batch_start - batch < view->remaining) {
      return chunk;
    }
    batch_start -= batch;
  }
}
