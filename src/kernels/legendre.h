/* Counting numbers by their smallest prime factor without looking at them: Legendre's formula
     phi(x, k) = phi(x, k - 1) - phi(x / p_k, k - 1),  phi(x, 0) = x
   counts the numbers from 1 to x that none of the first k primes divides. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Of the numbers from 1 to x, those whose smallest prime factor is primes[k], itself among them:
   exactly phi(x / primes[k], k). primes[k + 1] are the first ones, from 2. *steps grows by the
   terms of the formula, a nanosecond or two each: no more than 2^k, nor than there are numbers up
   to x / primes[k] with no prime factor twice and none from primes[k] on. */
uint64_t legendre_count(uint64_t x, const uint32_t *primes, size_t k, uint64_t *steps);
