/* Trial division: the search for the smallest divisor in a range. */
#pragma once

#include <stdint.h>

#include "kernels/isa.h"

/* The smallest d in [lo, hi) that divides n, or 0 when there is none; 2 <= lo.
   Numbers with a factor 2, 3 or 5 are skipped unless they are 2, 3 or 5 themselves (their smallest
   prime factor is found first wherever the search begins below them), so a range that begins above
   5 finds divisors prime to 30 only. *candidates grows by the numbers n was divided by, up to and
   with the divisor found. */
uint64_t divisor_find(uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates);

DECLARE_CLONES(uint64_t, divisor_find_wheel,
               (uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates));
