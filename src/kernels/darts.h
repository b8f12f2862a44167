/* Darts for pi, a vector at a time. */
#pragma once

#include "kernels/lanes.h"

/* 1 where the dart (x, y) misses the circle, else 0. The low halves hold x and y, below 2^31 each,
   so x*x + y*y < 2^63, which is below 2^62 just when bit 62 is clear. */
static inline word_lanes dart_misses(word_lanes x, word_lanes y) {
  return (lanes_multiply_low(x, x) + lanes_multiply_low(y, y)) >> 62;
}
