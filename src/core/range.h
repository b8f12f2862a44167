/* Half-open ranges of the index space, and how they are cut. */
#pragma once

#include <stdint.h>

struct range {
  uint64_t lo, hi; /* [lo, hi); empty when lo == hi */
};

static inline uint64_t range_length(struct range range) {
  return range.hi - range.lo;
}

/* The part-th of `parts` nearly equal, consecutive shares of [0, items). Cuts lie at multiples of
   grain (>= 1), and the first shares are the longer ones; with fewer grains than parts the last
   shares are empty. 0 <= part < parts. */
struct range range_share(uint64_t items, uint64_t grain, uint64_t part, uint64_t parts);

/* A grain of at least `least` items that divides a worker's share evenly, so that a share is never
   left with a rest that costs as much to set up as a whole grain. Never more than a share; >= 1. */
uint64_t range_grain(uint64_t items, uint64_t workers, uint64_t least);
