/* Primes in a range [lo, hi), three ways. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/text.h"
#include "core/uint128.h"

/* Whether the sieve is built in (libprimesieve). */
bool primes_have_sieve(void);
const char *primes_sieve_version(void); /* "11.0", or "" */

/* Count the primes in [lo, hi) and, when sum is not NULL, add them up (slower than counting).
   primes_sieve: libprimesieve, one thread; set-up costs time that grows with sqrt(hi).
   primes_miller_rabin: small primes strike out most numbers, Miller-Rabin tests the rest; hardly
   any set-up. Every range of 64-bit numbers, exact; it does not fail. primes_trial: divides each
   number by odd numbers up to its root, the textbook's loop. */
enum status primes_sieve(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault);
enum status primes_miller_rabin(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                                struct fault *fault);
enum status primes_trial(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault);

/* Append the primes in [lo, hi) to list, a line each, ascending. */
enum status primes_sieve_list(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault);
enum status primes_miller_rabin_list(uint64_t lo, uint64_t hi, struct text *list,
                                     struct fault *fault);
enum status primes_trial_list(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault);

/* The least prime in [lo, hi), the greatest prime in [lo, hi), or 0 when there is none.
   Miller-Rabin; at most a prime gap of tests. */
uint64_t primes_first(uint64_t lo, uint64_t hi);
uint64_t primes_last(uint64_t lo, uint64_t hi);
