/* guided: guided self-scheduling, a worker's share of what is left, GSS(k) with k = --chunk.

   C. D. Polychronopoulos and D. J. Kuck, Guided self-scheduling: a practical scheduling scheme for
   parallel supercomputers, IEEE Trans. Computers C-36(12), 1987, pp. 1425-1439. */
#include "schedules/chunks.h"

static uint64_t guided_chunk(const struct schedule_view *view) {
  return chunk_in_bounds(view, chunk_divide_up(view->remaining, view->workers));
}

const struct schedule guided_schedule = {
    .name = "guided",
    .summary = "a worker's share of what is left, at least --chunk",
    .chunk = guided_chunk,
};
