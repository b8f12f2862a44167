/* Primality of 64-bit numbers by the Miller-Rabin test, proven (not probable). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Seven bases that settle every n < 2^64 (J. Sinclair, 2011; verified against Feitsma's list of
   base-2 pseudoprimes). */
bool is_prime(uint64_t n);

/* The first twelve primes as bases settle every n < 3.3e24 (Sorenson and Webster, "Strong
   pseudoprimes to twelve prime bases", Math. Comp. 86, 2017). Slower; an independent check of
   is_prime. */
bool is_prime_by_prime_bases(uint64_t n);
