/* adaptive: adaptive weighted factoring, factoring's chunk times the worker's measured speed over
   the mean of all.

   I. Banicescu, V. Velusamy and J. Devaprasad, On the scalability of dynamic scheduling scientific
   applications with adaptive weighted factoring, Cluster Computing 6(3), 2003, pp. 215-226. */
#include <math.h>

#include "schedules/chunks.h"

/* A speed measured on a few items, or during somebody else's burst, may be far off. Too small a
   chunk costs a few more draws; too large a one makes all wait for it. */
static const double least_weight = 0.125;
static const double most_weight = 8;

/* Weights have the mean 1, so none exceeds the number of workers: with that bound no chunk takes
   more than its batch, half of what was left. Not a number becomes the least weight. */
static double trusted_weight(const struct schedule_view *view) {
  return fmin(fmax(view->weight, least_weight), fmin(most_weight, (double)view->workers));
}

static uint64_t adaptive_chunk(const struct schedule_view *view) {
  double even = (double)chunk_of_batch(view);
  return chunk_in_bounds(view, (uint64_t)ceil(trusted_weight(view) * even));
}

const struct schedule adaptive_schedule = {
    .name = "adaptive",
    .summary = "factoring, weighted by each worker's measured speed",
    .chunk = adaptive_chunk,
};
