/* The smallest factor of every number of a range, and the divisions that the textbook's test
   (kernels/trial.h) makes to find it: 2 is divided by first, the odd number d in the (d+1)/2-th
   division; a prime n takes one for 2 and one for each odd number from 3 to its root r, (r+1)/2 in
   all, rounded down. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"

/* Numbers are below 10^12. None takes more than 500000 divisions, so that sums over all of them
   stay below 2^63. */
#define FACTORS_HI_MOST UINT64_C(1000000000000)

/* The primes that can be smallest factors of numbers below hi: those up to its root. The first
   `classes` are told apart. */
struct factors_table {
  uint32_t *primes; /* ascending from 2; owned */
  size_t count;
  size_t classes;
  uint32_t limit;     /* factors up to this have a class of their own */
  uint32_t *class_of; /* of the primes up to limit, their index; owned */
};

/* hi <= FACTORS_HI_MOST. STATUS_FAILED without memory; the table is empty then. */
enum status factors_table_init(struct factors_table *table, uint64_t hi, uint64_t limit,
                               struct fault *fault);
void factors_table_free(struct factors_table *table);

/* What the numbers of a range add up to. */
struct factors_sums {
  uint64_t *of_class; /* classes + 1 counts, not owned: composite numbers by their smallest factor,
                         in the last one all whose factor is larger than the limit */
  uint64_t larger_divisions; /* those of the last class */
  uint64_t primes, prime_divisions;
  uint64_t composite_divisions; /* of all classes */
  uint64_t most;                /* divisions of a single number */
};

/* The numbers [lo, hi), 2 <= lo, are added to *sums. factors_sieve strikes out the primes'
   multiples and divides nothing: the divisions follow from the factor found. factors_trial divides,
   and counts. */
typedef void factors_kernel(const struct factors_table *table, uint64_t lo, uint64_t hi,
                            struct factors_sums *sums);
factors_kernel factors_sieve;
factors_kernel factors_trial;
