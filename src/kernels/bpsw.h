/* Primality of 128-bit numbers. */
#pragma once

#include <stdbool.h>

#include "core/uint128.h"

enum primality {
  COMPOSITE,
  PROBABLE_PRIME, /* passed BPSW; no composite that does is known, but none is proven not to exist
                   */
  PROVEN_PRIME,
};

/* Below 2^64 is_prime(); below 3317044064679887385961981 the first thirteen primes as Miller-Rabin
   bases, proven by Sorenson and Webster (Math. Comp. 86, 2017); beyond, BPSW. */
enum primality primality_128(uint128_t n);

/* The test of Baillie, Pomerance, Selfridge and Wagstaff: Miller-Rabin to base 2 and the strong
   Lucas test with Selfridge's parameters (R. Baillie, S. S. Wagstaff, "Lucas pseudoprimes", Math.
   Comp. 35, 1980, method A). Right for every n < 2^64. */
bool passes_bpsw(uint128_t n);

/* Its halves, for odd n > 2: Miller-Rabin to one base, 2 <= base < 2^32 and no multiple of n; and
   the strong Lucas test, which is false for squares. */
bool passes_miller_rabin_128(uint128_t n, uint32_t base);
bool passes_strong_lucas(uint128_t n);
