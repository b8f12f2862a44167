/* dynamic: pure self-scheduling, one item (or --chunk) at a time. The best balance for the most
   draws.

   P. Tang and P.-C. Yew, Processor self-scheduling for multiple-nested parallel loops, Proc. Int.
   Conf. Parallel Processing, 1986, pp. 528-535. */
#include "schedules/chunks.h"

static uint64_t dynamic_chunk(const struct schedule_view *view) {
  return chunk_in_bounds(view, 1);
}

const struct schedule dynamic_schedule = {
    .name = "dynamic",
    .summary = "one item, or --chunk, at a time",
    .constant = true,
    .chunk = dynamic_chunk,
};
