/* Primality of 64-bit numbers by the Miller-Rabin test, proven (not probable). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Seven bases that settle every n < 2^64 (J. Sinclair, 2011; verified against Feitsma's list of
   base-2 pseudoprimes). Montgomery arithmetic. */
bool is_prime(uint64_t n);

/* The two halves of is_prime, for those who test many numbers: the test to base 2, which few
   composites pass, of four odd n > 2 in about the time of two (bit i of the result is about n[i]);
   and the other six bases, together, for an odd n > 2 that has passed it. */
enum { BASE_2_BATCH = 4 };
unsigned passes_base_2(const uint64_t n[BASE_2_BATCH]);
bool is_prime_after_base_2(uint64_t n);

/* An independent check of is_prime: the first twelve primes as bases, which settle every
   n < 318665857834031151167461 (Sorenson and Webster, "Strong pseudoprimes to twelve prime bases",
   Math. Comp. 86, 2017), and plain 128-bit remainders. Slower. */
bool is_prime_by_prime_bases(uint64_t n);
