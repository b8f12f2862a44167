/* Darts for pi by Monte Carlo. Dart i of a seed is a pure function of (seed, i), whichever rank
   throws it; coordinates are integers of 31 bits, so that counts are exact and the same everywhere.

   philox:  x and y are words 2(i%2) and 2(i%2)+1 of the Philox block i/2 under the seed (philox.h),
            each shifted right by one.
   xoshiro: x is the upper and y the lower 31 bits of the 64-bit output i of the seed (xoshiro.h).
            Twice as fast and more; ranges are best cut at multiples of its grain. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernels/isa.h"

struct pi_dart {
  uint32_t x, y; /* below 2^31 */
};

struct pi_generator {
  const char *name;
  /* Hits among the darts [lo, hi), by the fast loop; any lo and hi. */
  uint64_t (*hits)(uint64_t seed, uint64_t lo, uint64_t hi);
  /* The definition, as plain as can be: fills darts[hi - lo]. The fast loop is checked against it.
   */
  void (*throw_darts)(uint64_t seed, uint64_t lo, uint64_t hi, struct pi_dart *darts);
  /* Ranges cut at multiples of this cost nothing extra; 5 to 100 us of work. */
  uint64_t grain;
};

#define PI_GENERATOR_NAMES "philox|xoshiro"

/* By one of the names above; NULL for any other. */
const struct pi_generator *pi_generator_find(const char *name);

/* Whether the dart lies inside the unit circle: x*x + y*y < 2^62. */
bool pi_is_hit(struct pi_dart dart);

/* As generator->hits, by the definition. */
uint64_t pi_hits_by_definition(const struct pi_generator *generator, uint64_t seed, uint64_t lo,
                               uint64_t hi);

/* Hits among the philox darts [2 lo, 2 hi): those of the Philox blocks [lo, hi). */
DECLARE_CLONES(uint64_t, pi_philox_hits, (uint64_t seed, uint64_t lo, uint64_t hi));

/* Hits among the first `count` xoshiro darts of `block`. */
DECLARE_CLONES(uint64_t, pi_xoshiro_hits, (uint64_t seed, uint64_t block, uint64_t count));
