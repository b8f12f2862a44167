/* Primes in a range against libprimesieve called directly, and Miller-Rabin against itself. */
#include "bench/bench.h"

#include "kernels/montgomery.h"
#include "kernels/primes.h"

#ifdef HAVE_PRIMESIEVE
#include <primesieve.h>
#endif

struct range_of_numbers {
  uint64_t lo, hi;
};

static void miller_rabin(void *data) {
  const struct range_of_numbers *range = data;
  uint64_t count = 0;
  struct fault fault;
  primes_miller_rabin(range->lo, range->hi, &count, NULL, &fault);
  bench_sink += count;
}

/* One base after the other, powers by squaring and multiplying: the test as it is usually written.
 */
static bool passes(const struct montgomery *m, uint64_t base) {
  uint64_t minus_one = m->n - m->one;
  int twos = __builtin_ctzll(m->n - 1);
  uint64_t square = montgomery_residue(m, base);
  uint64_t power = m->one;
  for (uint64_t exponent = (m->n - 1) >> twos; exponent != 0; exponent >>= 1) {
    if (exponent & 1) {
      power = montgomery_multiply(m, power, square);
    }
    square = montgomery_multiply(m, square, square);
  }
  bool passed = power == m->one || power == minus_one;
  for (int i = 1; i < twos && !passed; i++) {
    power = montgomery_multiply(m, power, power);
    passed = power == minus_one;
  }
  return passed;
}

enum { PRIME_TESTS = 2000 };

static void seven_bases(void *data) {
  static const uint64_t bases[] = {2, 325, 9375, 28178, 450775, 9780504, 1795265022};
  (void)data;
  for (int i = 0; i < PRIME_TESTS; i++) {
    volatile uint64_t prime = UINT64_C(1000000000000000003);
    struct montgomery m = montgomery_of(prime);
    for (size_t j = 0; j < sizeof bases / sizeof bases[0]; j++) {
      bench_sink += passes(&m, bases[j]);
    }
  }
}

#ifdef HAVE_PRIMESIEVE
static void sieve_count(void *data) {
  const struct range_of_numbers *range = data;
  uint64_t count = 0;
  struct fault fault;
  primes_sieve(range->lo, range->hi, &count, NULL, &fault);
  bench_sink += count;
}

static void direct_count(void *data) {
  const struct range_of_numbers *range = data;
  primesieve_set_num_threads(1);
  bench_sink += primesieve_count_primes(range->lo, range->hi - 1);
}

static void sieve_sum(void *data) {
  const struct range_of_numbers *range = data;
  uint64_t count = 0;
  uint128_t sum = 0;
  struct fault fault;
  primes_sieve(range->lo, range->hi, &count, &sum, &fault);
  bench_sink += (uint64_t)sum;
}

static void iterator_sum(void *data) {
  const struct range_of_numbers *range = data;
  primesieve_iterator iterator;
  primesieve_init(&iterator);
  primesieve_jump_to(&iterator, range->lo, range->hi);
  uint64_t sum = 0;
  uint64_t prime = primesieve_next_prime(&iterator);
  for (; prime < range->hi; prime = primesieve_next_prime(&iterator)) {
    sum += prime;
  }
  primesieve_free_iterator(&iterator);
  bench_sink += sum;
}

static void sieve_rows(void) {
  const double billion = 1e9;
  struct range_of_numbers far = {1000000000000, 1001000000000};
  struct range_of_numbers near = {0, 1000000000};
  bench_row(&(struct bench){
      .kernel = "primes sieve, 1e12 + 1e9",
      .against = "libprimesieve, one thread",
      .items = billion,
      .reference_items = billion,
      .ours = sieve_count,
      .reference = direct_count,
      .data = &far,
      .wanted = {0.95, 0.95, 0.95},
  });
  bench_row(&(struct bench){
      .kernel = "primes sieve --sum, below 1e9",
      .against = "libprimesieve's iterator",
      .items = billion,
      .reference_items = billion,
      .ours = sieve_sum,
      .reference = iterator_sum,
      .data = &near,
      .wanted = {0.91, 0.91, 0.91},
  });
}
#endif

void bench_primes(void) {
  struct range_of_numbers far = {1000000000000000000, 1000000000001000000};
  bench_row(&(struct bench){
      .kernel = "primes mr, 1e18 + 1e6",
      .against = "Miller-Rabin, 7 bases, of a prime",
      .items = 1e6,
      .reference_items = PRIME_TESTS,
      .ours = miller_rabin,
      .reference = seven_bases,
      .data = &far,
      .wanted = {25, 25, 25},
  });
  struct range_of_numbers small = {1000000000000000000, 1000000000000001000};
  bench_row(&(struct bench){
      .kernel = "primes mr, 1e18 + 1000",
      .against = "Miller-Rabin, 7 bases, of a prime",
      .items = 1e3,
      .reference_items = PRIME_TESTS,
      .ours = miller_rabin,
      .reference = seven_bases,
      .data = &small,
  });
#ifdef HAVE_PRIMESIEVE
  sieve_rows();
#endif
}
