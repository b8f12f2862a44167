/* Darts for pi by Monte Carlo. Sample i's coordinates x and y are words 2(i%2) and 2(i%2)+1 of the
   Philox block i/2 under the seed, each shifted right by one to 31 bits; it is a hit when
   x*x + y*y < 2^62, that is when the point lies inside the unit circle. All in integers, so the
   count is exact. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernels/isa.h"

/* Hits among the samples [lo, hi). */
uint64_t pi_hits(uint64_t seed, uint64_t lo, uint64_t hi);

/* The definition, for one sample; what the fast loop is checked against. */
bool pi_is_hit(uint64_t seed, uint64_t sample);

/* Hits among the samples of the whole blocks [lo, hi): samples [2*lo, 2*hi). */
DECLARE_CLONES(uint64_t, pi_block_hits, (uint64_t seed, uint64_t lo, uint64_t hi));
