#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/legendre.h"
#include "kernels/miller_rabin.h"
#include "kernels/philox.h"
#include "kernels/pollard_rho.h"
#include "kernels/prime_theorem.h"
#include "workloads/factors_job.h"

static uint64_t divisions_of_a_prime(uint64_t n) {
  uint64_t root = (uint64_t)sqrt((double)n);
  return 1 + (root - 1) / 2; /* by 2, and by the odd numbers from 3 to the root */
}

static bool lies_within(uint64_t sum, uint64_t count, uint64_t least, uint64_t most) {
  return count * least <= sum && sum <= count * most;
}

/* Whether a bin's divisions are possible at all. */
static bool bin_is_possible(const struct factors_bin_tally *bin) {
  uint64_t least = divisions_of_a_prime(bin->numbers.lo);
  uint64_t most = divisions_of_a_prime(bin->numbers.hi - 1);
  return bin->primes <= range_length(bin->numbers) && bin->most <= most &&
         lies_within(bin->prime_divisions, bin->primes, least, bin->most) &&
         lies_within(bin->composite_divisions, bin->composites, 1, bin->most);
}

/* Every number has its class, and the divisions of the classes are those of the bins. */
static bool sums_agree(const struct job *job, const struct tally *tally, uint64_t *primes) {
  const struct factors *factors = job->parameters;
  const struct factors_table *table = job->state;
  uint64_t numbers = tally->sums[table->classes];
  uint64_t divisions = tally->sums[factors_layout(table).larger_divisions];
  uint64_t of_bins = 0;
  bool possible = true;
  for (size_t k = 0; k < table->classes; k++) {
    numbers += tally->sums[k];
    divisions += tally->sums[k] * (1 + (table->primes[k] - 1) / 2);
  }
  *primes = 0;
  for (uint64_t b = 0; b < factors_bins(factors); b++) {
    struct factors_bin_tally bin = factors_bin_tally(job, tally, b);
    possible = possible && bin_is_possible(&bin);
    *primes += bin.primes;
    of_bins += bin.composite_divisions;
  }
  return possible && numbers + *primes == factors->hi - factors->lo && divisions == of_bins;
}

/* Count the smallest factors again by Legendre's formula, as far as that takes a small part of the
   run's time: a step of it takes about as long as a number of the run. Returns how many agree. */
static size_t count_by_formula(const struct job *job, const struct tally *tally, bool *agree) {
  const struct factors *factors = job->parameters;
  const struct factors_table *table = job->state;
  uint64_t most_steps = 10000 + (factors->hi - factors->lo) / 50;
  uint64_t steps = 0;
  size_t k = 0;
  *agree = true;
  for (; k < table->classes && steps < most_steps && *agree; k++) {
    uint64_t prime = table->primes[k];
    uint64_t expected = legendre_count(factors->hi - 1, table->primes, k, &steps) -
                        legendre_count(factors->lo - 1, table->primes, k, &steps);
    bool itself = factors->lo <= prime && prime < factors->hi; /* it is prime, not composite */
    *agree = tally->sums[k] == expected - itself;
  }
  return k;
}

/* What the kernel should make of [lo, hi), number by number. */
static void add_by_rho(const struct factors_table *table, uint64_t lo, uint64_t hi,
                       struct factors_sums *sums) {
  for (uint64_t n = lo; n < hi; n++) {
    bool prime = is_prime_by_prime_bases(n);
    uint64_t factor = prime ? n : smallest_prime_factor(n);
    uint64_t divisions = prime ? divisions_of_a_prime(n) : 1 + (factor - 1) / 2;
    size_t k = 0;
    while (k < table->classes && table->primes[k] != factor) {
      k++;
    }
    sums->most = divisions > sums->most ? divisions : sums->most;
    if (prime) {
      sums->primes++;
      sums->prime_divisions += divisions;
      continue;
    }
    sums->of_class[k]++;
    sums->composite_divisions += divisions;
    sums->larger_divisions += k == table->classes ? divisions : 0;
  }
}

static bool equal(const struct factors_table *table, const struct factors_sums *a,
                  const struct factors_sums *b) {
  return memcmp(a->of_class, b->of_class, (table->classes + 1) * sizeof *a->of_class) == 0 &&
         a->larger_divisions == b->larger_divisions && a->primes == b->primes &&
         a->prime_divisions == b->prime_divisions &&
         a->composite_divisions == b->composite_divisions && a->most == b->most;
}

static bool stretch_agrees(const struct job *job, uint64_t lo, uint64_t hi) {
  const struct factors_table *table = job->state;
  struct factors_sums found = {.of_class = calloc(table->classes + 1, sizeof(uint64_t))};
  struct factors_sums expected = {.of_class = calloc(table->classes + 1, sizeof(uint64_t))};
  bool agrees = found.of_class != NULL && expected.of_class != NULL;
  if (agrees) {
    factors_kernel_of(job->parameters)(table, lo, hi, &found);
    add_by_rho(table, lo, hi, &expected);
    agrees = equal(table, &found, &expected);
  }
  free(found.of_class);
  free(expected.of_class);
  return agrees;
}

/* Random stretches of the range again, with Pollard's rho and Miller-Rabin. */
static bool stretches_agree(const struct job *job) {
  enum { STRETCHES = 4, LENGTH = 100 };
  const struct factors *factors = job->parameters;
  uint64_t items = factors->hi - factors->lo;
  uint64_t length = items < LENGTH ? items : LENGTH;
  for (uint64_t i = 0; i < STRETCHES; i++) {
    struct philox_block draw = philox_block(job->seed ^ factors->hi, i);
    uint64_t random = (uint64_t)draw.word[1] << 32 | draw.word[0];
    uint64_t lo = factors->lo + random % (items - length + 1);
    if (!stretch_agrees(job, lo, lo + length)) {
      return false;
    }
  }
  return true;
}

bool factors_check(const struct job *job, const struct tally *tally, char *text, size_t size) {
  const struct factors *factors = job->parameters;
  const struct factors_table *table = job->state;
  uint64_t primes = 0;
  bool counted = false;
  bool sums = sums_agree(job, tally, &primes);
  size_t classes = count_by_formula(job, tally, &counted);
  bool stretches = stretches_agree(job);
  bool plausible = prime_count_is_plausible(factors->lo, factors->hi, primes);
  snprintf(text, size,
           "factors up to %u by Legendre's formula %s; random stretches by Pollard's rho %s; %s; "
           "the primes %s the theorem's",
           classes == 0 ? 0 : table->primes[classes - 1], counted ? "agree" : "DIFFER",
           stretches ? "agree" : "DIFFER", sums ? "sums agree" : "sums DIFFER",
           plausible ? "are near" : "are FAR from");
  return sums && counted && stretches && plausible;
}
