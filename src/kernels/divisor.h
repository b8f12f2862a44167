/* Trial division: the search for the smallest divisor in a range. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/uint128.h"
#include "kernels/isa.h"

/* The smallest d in [lo, hi) that divides n >= 1, or 0 when there is none; 2 <= lo. Exact for every
   n and every range. Numbers with a factor 2, 3, 5 or 7 are skipped unless they are 2, 3, 5 or 7
   themselves (their smallest prime factor is found first wherever the search begins below it), so a
   range that begins above 7 finds divisors prime to 210 only. *candidates grows by the numbers of
   the range that are not skipped, up to and with the divisor found. */
uint64_t divisor_find(uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates);

/* The same for a 128-bit n; divisors stay below 2^64. Where n >= 2^64 some 15 times slower, and
   50 times for divisors above 2^32. */
uint64_t divisor_find_128(uint128_t n, uint64_t lo, uint64_t hi, uint64_t *candidates);

/* The two filters below never miss a divisor but may call a number one that is not: callers divide
   what they name. Both look at the numbers d = 210 * turn + s, s one of the 48 spokes of the wheel,
   for `turns` turns from `turn` on. */

/* Whether some d of these turns divides n = limbs[0] + 2^32 limbs[1] + ... (2 to 4 limbs). Exact;
   it also counts d = 1. All d < 2^32. One modular inverse and two products a limb for each d. */
DECLARE_CLONES(bool, divisor_near_hit,
               (const uint32_t *limbs, int limb_count, uint64_t turn, uint64_t turns));

/* The spokes on which some d may divide n, as bits. A few additions for each d; how it works and
   why it misses none is told in clones/divisor_far_hits.c. `turns` is what divisor_far_turns()
   gives. */
DECLARE_CLONES(uint64_t, divisor_far_hits, (uint64_t n, uint64_t turn, uint64_t turns));

/* How many turns divisor_far_hits() can take at once from `turn` on: 64, 32, 16, 8, or 0 when d is
   still too small for it, or beyond 2^50. */
uint64_t divisor_far_turns(uint64_t n, uint64_t turn);
