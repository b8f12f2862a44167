/* Measured speeds, for schedules that give fast workers more. A speed is an integer, units a second
   times 1024, so that sums of speeds can be kept by atomic additions. */
#pragma once

#include <stdint.h>

/* The speed of a worker that takes unit_seconds for a unit; 0: not known yet. */
static inline uint64_t speed_of(double unit_seconds) {
  const double fastest = 0x1p40; /* sums of many stay far below 2^64 */
  double speed = unit_seconds > 0 ? 1024 / unit_seconds : 0;
  return speed > fastest ? (uint64_t)fastest : (uint64_t)speed;
}

/* One worker's speed over the mean of the `count` workers whose speeds add up to `sum`; 1 when it
   is not known. */
static inline double speed_weight(uint64_t speed, uint64_t sum, uint64_t count) {
  return speed > 0 && sum > 0 ? (double)speed * (double)count / (double)sum : 1;
}
