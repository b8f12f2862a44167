#include "kernels/factors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/trial.h"

/* Odd numbers sieved at a time: 256 kB, a part of a second-level cache. */
enum { SEGMENT = 1 << 16 };

/* The largest r with r * r <= n; exact, since n < 2^52 is a double and the root is rounded right.
 */
static uint64_t root_of(uint64_t n) {
  return (uint64_t)sqrt((double)n);
}

/* The primes up to root, by the sieve of Eratosthenes; root <= 10^6. */
static void list_primes(struct factors_table *table, uint64_t root, unsigned char *composite) {
  for (uint64_t p = 2; p <= root; p++) {
    if (composite[p]) {
      continue;
    }
    table->primes[table->count++] = (uint32_t)p;
    for (uint64_t multiple = p * p; multiple <= root; multiple += p) {
      composite[multiple] = 1;
    }
  }
}

enum status factors_table_init(struct factors_table *table, uint64_t hi, uint64_t limit,
                               struct fault *fault) {
  uint64_t root = hi > 0 ? root_of(hi - 1) : 0;
  limit = limit < root ? limit : root;
  unsigned char *composite = calloc(root + 1, 1);
  *table = (struct factors_table){.primes = calloc(root + 1, sizeof *table->primes),
                                  .limit = (uint32_t)limit,
                                  .class_of = calloc(limit + 1, sizeof *table->class_of)};
  if (composite == NULL || table->primes == NULL || table->class_of == NULL) {
    free(composite);
    factors_table_free(table);
    return fault_set(fault, STATUS_FAILED, "out of memory for a table of primes");
  }
  list_primes(table, root, composite);
  free(composite);
  while (table->classes < table->count && table->primes[table->classes] <= limit) {
    table->class_of[table->primes[table->classes]] = (uint32_t)table->classes;
    table->classes++;
  }
  return STATUS_OK;
}

void factors_table_free(struct factors_table *table) {
  free(table->primes);
  free(table->class_of);
  *table = (struct factors_table){0};
}

static void note_most(struct factors_sums *sums, uint64_t divisions) {
  sums->most = divisions > sums->most ? divisions : sums->most;
}

static void add_prime(struct factors_sums *sums, uint64_t divisions) {
  sums->primes++;
  sums->prime_divisions += divisions;
  note_most(sums, divisions);
}

static void add_composite(const struct factors_table *table, uint64_t factor, uint64_t divisions,
                          struct factors_sums *sums) {
  if (factor <= table->limit) {
    sums->of_class[table->class_of[factor]]++;
  } else {
    sums->of_class[table->classes]++;
    sums->larger_divisions += divisions;
  }
  sums->composite_divisions += divisions;
  note_most(sums, divisions);
}

void factors_trial(const struct factors_table *table, uint64_t lo, uint64_t hi,
                   struct factors_sums *sums) {
  for (uint64_t n = lo; n < hi; n++) {
    uint64_t divisions = 0;
    uint64_t factor = trial_factor(n, &divisions);
    if (factor == n) {
      add_prime(sums, divisions);
    } else {
      add_composite(table, factor, divisions, sums);
    }
  }
}

/* Write the smallest factor of first + 2 i, odd, into factor[i]; 0 for primes. Primes come in
   descending order, so that the smallest of a number's factors is written last. */
static void find_factors(const struct factors_table *table, uint64_t first, uint64_t length,
                         uint32_t *factor) {
  uint64_t last = first + 2 * (length - 1);
  size_t count = table->count;
  memset(factor, 0, length * sizeof *factor);
  while (count > 1 && (uint64_t)table->primes[count - 1] * table->primes[count - 1] > last) {
    count--;
  }
  for (size_t k = count; k-- > 1;) { /* not 2 */
    uint64_t p = table->primes[k];
    uint64_t gap = (p - first % p) % p;
    uint64_t i = (gap % 2 == 0 ? gap : gap + p) / 2;
    if (p * p > first) {
      i = (p * p - first) / 2;
    }
    for (; i < length; i += p) {
      factor[i] = (uint32_t)p;
    }
  }
}

static void add_segment(const struct factors_table *table, uint64_t first, uint64_t length,
                        const uint32_t *factor, struct factors_sums *sums) {
  uint64_t root = root_of(first);
  for (uint64_t i = 0; i < length; i++) {
    if (factor[i] != 0) {
      add_composite(table, factor[i], ((uint64_t)factor[i] + 1) / 2, sums);
      continue;
    }
    while ((root + 1) * (root + 1) <= first + 2 * i) {
      root++;
    }
    add_prime(sums, (root + 1) / 2);
  }
}

/* Even numbers take one division: 2 is prime, the others have it as their factor. */
static void add_even(uint64_t lo, uint64_t hi, struct factors_sums *sums) {
  uint64_t even = (hi + 1) / 2 - (lo + 1) / 2;
  if (lo <= 2 && 2 < hi) {
    add_prime(sums, 1);
    even--;
  }
  if (even > 0) {
    sums->of_class[0] += even; /* there is a class of 2: some even number is 4 or more */
    sums->composite_divisions += even;
    note_most(sums, 1);
  }
}

void factors_sieve(const struct factors_table *table, uint64_t lo, uint64_t hi,
                   struct factors_sums *sums) {
  uint32_t factor[SEGMENT];
  add_even(lo, hi, sums);
  uint64_t first = lo | 1;
  uint64_t left = first < hi ? (hi - first + 1) / 2 : 0;
  /* Nearly equal ones: each costs a look at every prime. */
  for (uint64_t segments = (left + SEGMENT - 1) / SEGMENT; segments > 0; segments--) {
    uint64_t length = (left + segments - 1) / segments;
    find_factors(table, first, length, factor);
    add_segment(table, first, length, factor, sums);
    first += 2 * length;
    left -= length;
  }
}
