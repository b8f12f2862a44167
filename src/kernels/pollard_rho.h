/* Factoring 64-bit numbers by Pollard's rho, for checking what trial division found. */
#pragma once

#include <stdint.h>

/* The smallest prime factor of n >= 2 (n itself when it is prime). R. P. Brent, "An improved Monte
   Carlo factorization algorithm", BIT 20, 1980; every factor is split down to primes that
   Miller-Rabin proves. */
uint64_t smallest_prime_factor(uint64_t n);
