/* trapezoid: trapezoid self-scheduling, sizes that fall linearly from f to l in n steps:
     f = ceil(items / (2 workers)), l = --chunk or 1, n = ceil(2 items / (f + l)),
     and from step to step less by d = (f - l) / (n - 1).

   T. H. Tzen and L. M. Ni, Trapezoid self-scheduling: a practical scheduling scheme for parallel
   compilers, IEEE Trans. Parallel and Distributed Systems 4(1), 1993, pp. 87-98.

   d stays a fraction. Tables that round it down to an integer end with chunks far larger than l,
   and where d < 1 (items < 8 workers^2) their sizes do not fall at all. */
#include <math.h>

#include "schedules/chunks.h"

/* ceil(2 items / sum) for sum < 2^63: 2 items need not fit in 64 bits. */
static uint64_t steps_of(uint64_t items, uint64_t sum) {
  uint64_t rest = items % sum;
  uint64_t last = rest == 0 ? 0 : (2 * rest <= sum ? 1 : 2);
  return 2 * (items / sum) + last;
}

/* The size is taken from the position on the trapezoid's slope, not from a number of steps: it thus
   fits wherever concurrent draws have left the position.

   After t steps of x(t) = f - d t items, S(t) = t f - d t (t - 1) / 2 are gone. Solve S(t) = items
   - remaining for t, and x(t) comes to sqrt((f + d/2)^2 - 2 d (items - remaining)) - d/2. Near the
   end that is a small difference of large squares. With d (n - 1) = f - l it is the same as sqrt((l
   - d/2)^2 + d (surplus + 2 remaining)) - d/2,  surplus = n (f + l) - 2 items, which has no such
   difference. The surplus is what the n steps could take beyond the items, doubled; it is smaller
   than f + l, so that unsigned arithmetic has it right even where its terms wrap. */
static uint64_t trapezoid_chunk(const struct schedule_view *view) {
  uint64_t first = chunk_divide_up(view->items, 2 * view->workers);
  uint64_t last = view->chunk > 1 ? view->chunk : 1;
  if (last >= first) {
    return chunk_in_bounds(view, last);
  }
  uint64_t sum = first + last;
  uint64_t steps = steps_of(view->items, sum); /* >= 2, as sum <= items here */
  uint64_t surplus = steps * sum - 2 * view->items;

  double decrement = (double)(first - last) / (double)(steps - 1);
  double flat = (double)last - decrement / 2;
  double slope = decrement * ((double)surplus + 2 * (double)view->remaining);
  double size = sqrt(flat * flat + slope) - decrement / 2;
  return chunk_in_bounds(view, (uint64_t)(size + 0.5));
}

const struct schedule trapezoid_schedule = {
    .name = "trapezoid",
    .summary = "sizes that fall linearly, down to --chunk",
    .chunk = trapezoid_chunk,
};
