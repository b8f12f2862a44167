/* Smallest factors and divisions against the textbook's loop, written out; Legendre's formula
   against counting; the prime number theorem's bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "kernels/factors.h"
#include "kernels/legendre.h"
#include "kernels/philox.h"
#include "kernels/prime_theorem.h"
#include "kernels/trial.h"

/* The textbook's check_prime with its divisions counted; returns the factor, or n. */
static uint64_t textbook(uint64_t n, uint64_t *divisions) {
  uint64_t root = 1;
  while ((root + 1) * (root + 1) <= n) {
    root++;
  }
  *divisions = 1;
  if (n % 2 == 0) {
    return 2;
  }
  for (uint64_t d = 3; d < root + 1; d += 2) {
    ++*divisions;
    if (n % d == 0) {
      return d;
    }
  }
  return n;
}

static struct factors_sums make_sums(const struct factors_table *table) {
  struct factors_sums sums = {.of_class = calloc(table->classes + 1, sizeof *sums.of_class)};
  assert_non_null(sums.of_class);
  return sums;
}

static void add_textbook(const struct factors_table *table, uint64_t n, struct factors_sums *sums) {
  uint64_t divisions = 0;
  uint64_t factor = textbook(n, &divisions);
  sums->most = divisions > sums->most ? divisions : sums->most;
  if (factor == n) {
    sums->primes++;
    sums->prime_divisions += divisions;
    return;
  }
  size_t k = 0;
  while (k < table->classes && table->primes[k] != factor) {
    k++;
  }
  sums->of_class[k]++;
  sums->composite_divisions += divisions;
  sums->larger_divisions += k == table->classes ? divisions : 0;
}

static void assert_sums(const struct factors_table *table, const struct factors_sums *found,
                        const struct factors_sums *expected) {
  assert_memory_equal(found->of_class, expected->of_class,
                      (table->classes + 1) * sizeof *found->of_class);
  assert_int_equal(found->larger_divisions, expected->larger_divisions);
  assert_int_equal(found->primes, expected->primes);
  assert_int_equal(found->prime_divisions, expected->prime_divisions);
  assert_int_equal(found->composite_divisions, expected->composite_divisions);
  assert_int_equal(found->most, expected->most);
}

static void compare(const struct factors_table *table, uint64_t lo, uint64_t hi) {
  static factors_kernel *const kernels[] = {factors_sieve, factors_trial};
  struct factors_sums expected = make_sums(table);
  for (uint64_t n = lo; n < hi; n++) {
    add_textbook(table, n, &expected);
  }
  for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
    struct factors_sums found = make_sums(table);
    kernels[i](table, lo, hi, &found);
    assert_sums(table, &found, &expected);
    free(found.of_class);
  }
  free(expected.of_class);
}

/* The range of a job that ends at `end`, of which [lo, hi) is a part. */
static void compare_in(uint64_t end, uint64_t limit, uint64_t lo, uint64_t hi) {
  struct fault fault;
  struct factors_table table;
  assert_int_equal(factors_table_init(&table, end, limit, &fault), STATUS_OK);
  compare(&table, lo, hi);
  factors_table_free(&table);
}

static void every_small_range(void **state) {
  (void)state;
  for (uint64_t lo = 2; lo < 60; lo++) {
    for (uint64_t hi = lo; hi < 130; hi++) {
      compare_in(hi, 2 + lo % 12, lo, hi);
      compare_in(1000, 30, lo, hi);
    }
  }
}

static void ranges_anywhere(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 60; i++) {
    struct philox_block draw = philox_block(5, i);
    uint64_t lo = 2 + draw.word[0] % (i % 2 == 0 ? 100000 : 100000000);
    uint64_t hi = lo + draw.word[1] % 400;
    compare_in(i % 3 == 0 ? hi : 100001000, draw.word[2] % 2000 + 2, lo, hi);
  }
  for (uint64_t p = 3; p < 300; p += 2) {
    compare_in(p * p + 5, 1000, p * p - 4, p * p + 5);
  }
}

/* The sieve takes 131072 numbers at a time. */
static void several_segments(void **state) {
  (void)state;
  compare_in(280000, 100, 2, 131074);
  compare_in(280000, 100, 3, 131076);
  compare_in(280000, 400, 9999, 280000);
}

static void up_to_the_end(void **state) {
  (void)state;
  const uint64_t end = FACTORS_HI_MOST;
  compare_in(end, 1000000, end - 60, end);
  /* The largest prime below 10^6, squared, takes more divisions than any other composite. */
  struct fault fault;
  struct factors_table table;
  assert_int_equal(factors_table_init(&table, end, 100, &fault), STATUS_OK);
  assert_int_equal(table.count, 78498);
  assert_int_equal(table.primes[table.count - 1], 999983);
  struct factors_sums sums = make_sums(&table);
  uint64_t square = UINT64_C(999983) * 999983;
  factors_sieve(&table, square, square + 1, &sums);
  assert_int_equal(sums.larger_divisions, 499992);
  assert_int_equal(sums.most, 499992);
  /* No number takes more than this: all together stay below 2^63. */
  factors_sieve(&table, end - 1000, end, &sums);
  assert_int_equal(sums.most, 500000);
  assert_true(500000 < INT64_MAX / end);
  free(sums.of_class);
  factors_table_free(&table);
}

static uint64_t primes_in(uint64_t lo, uint64_t hi, factors_kernel *kernel) {
  struct fault fault;
  struct factors_table table;
  assert_int_equal(factors_table_init(&table, hi, 100, &fault), STATUS_OK);
  struct factors_sums sums = make_sums(&table);
  kernel(&table, lo, hi, &sums);
  free(sums.of_class);
  factors_table_free(&table);
  return sums.primes;
}

static void known_counts(void **state) {
  (void)state;
  assert_int_equal(primes_in(2, 100000, factors_sieve), 9592);
  assert_int_equal(primes_in(2, 100000, factors_trial), 9592);
  assert_int_equal(primes_in(10000, 1000001, factors_sieve), 77269);
  assert_int_equal(primes_in(100000000, 101000000, factors_sieve), 54208);
}

static void one_trial(void **state) {
  (void)state;
  for (uint64_t n = 2; n < 2000; n++) {
    uint64_t expected = 0;
    uint64_t divisions = 7;
    uint64_t factor = textbook(n, &expected);
    assert_int_equal(trial_factor(n, &divisions), factor);
    assert_int_equal(divisions, 7 + expected);
  }
}

static void legendre_counts(void **state) {
  (void)state;
  struct fault fault;
  struct factors_table table;
  assert_int_equal(factors_table_init(&table, 10000, 100, &fault), STATUS_OK);
  uint64_t count[25] = {0};
  for (uint64_t x = 1; x <= 3000; x++) {
    uint64_t divisions = 0;
    uint64_t factor = x == 1 ? 1 : textbook(x, &divisions);
    for (size_t k = 0; k < table.classes; k++) {
      uint64_t steps = 0;
      count[k] += factor == table.primes[k];
      assert_int_equal(legendre_count(x, table.primes, k, &steps), count[k]);
      assert_true(steps >= 1 && steps <= UINT64_C(1) << k);
    }
  }
  uint64_t steps = 0;
  assert_int_equal(legendre_count(1000000000000, table.primes, 0, &steps), 500000000000);
  assert_int_equal(legendre_count(999999999999, table.primes, 1, &steps), 166666666667);
  /* Of 30 numbers in a row two have 5 as their smallest factor. */
  assert_int_equal(legendre_count(3000000000, table.primes, 2, &steps), 200000000);
  factors_table_free(&table);
}

static void primes_by_the_theorem(void **state) {
  (void)state;
  assert_true(prime_count_is_plausible(2, 10000000, 664579));
  assert_true(prime_count_is_plausible(10000, 1000001, 77269));
  assert_true(prime_count_is_plausible(0, 3, 1));
  assert_false(prime_count_is_plausible(2, 10000000, 660000));
  assert_false(prime_count_is_plausible(2, 10000000, 670000));
  assert_false(prime_count_is_plausible(2, 1000, 999));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_small_range), cmocka_unit_test(ranges_anywhere),
      cmocka_unit_test(several_segments),  cmocka_unit_test(up_to_the_end),
      cmocka_unit_test(known_counts),      cmocka_unit_test(one_trial),
      cmocka_unit_test(legendre_counts),   cmocka_unit_test(primes_by_the_theorem),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
