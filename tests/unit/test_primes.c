#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernels/miller_rabin.h"
#include "kernels/philox.h"
#include "kernels/primes.h"

typedef enum status kernel(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                           struct fault *fault);

static uint64_t random_number(uint64_t index) {
  struct philox_block draw = philox_block(11, index);
  return (uint64_t)draw.word[1] << 32 | draw.word[0];
}

static void assert_primes(kernel *run, uint64_t lo, uint64_t hi, uint64_t count, uint128_t sum) {
  struct fault fault;
  uint64_t got = 99;
  uint128_t got_sum = 99;
  assert_int_equal(run(lo, hi, &got, &got_sum, &fault), STATUS_OK);
  if (got != count || got_sum != sum) {
    fail_msg("[%llu, %llu): %llu primes, expected %llu; sums %s", (unsigned long long)lo,
             (unsigned long long)hi, (unsigned long long)got, (unsigned long long)count,
             got_sum == sum ? "agree" : "differ");
  }
  assert_int_equal(run(lo, hi, &got, NULL, &fault), STATUS_OK);
  assert_int_equal(got, count);
}

static void assert_like_single_tests(kernel *run, uint64_t lo, uint64_t hi) {
  uint64_t count = 0;
  uint128_t sum = 0;
  for (uint64_t n = lo; n < hi; n++) {
    if (is_prime(n)) {
      count++;
      sum += n;
    }
  }
  assert_primes(run, lo, hi, count, sum);
}

/* Both ways of counting that are always there, and the sieve where it is built in. */
static kernel *const fast[] = {primes_miller_rabin, primes_sieve};
static int fast_kernels(void) {
  return primes_have_sieve() ? 2 : 1;
}

static void known_counts(void **state) {
  (void)state;
  for (int k = 0; k < fast_kernels(); k++) {
    struct fault fault;
    uint64_t count = 0;
    uint128_t sum = 0;
    assert_int_equal(fast[k](100000000, 101000000, &count, NULL, &fault), STATUS_OK);
    assert_int_equal(count, 54208);
    assert_int_equal(fast[k](100000000, 100100000, &count, &sum, &fault), STATUS_OK);
    assert_int_equal(count, 5411);
    assert_true(sum == 541369942707);
    assert_int_equal(fast[k](10000, 1000001, &count, NULL, &fault), STATUS_OK);
    assert_int_equal(count, 77269);
    assert_int_equal(fast[k](0, 100000, &count, NULL, &fault), STATUS_OK);
    assert_int_equal(count, 9592);
    assert_int_equal(fast[k](0, 10000000, &count, &sum, &fault), STATUS_OK);
    assert_int_equal(count, 664579);
    assert_true(sum == 3203324994356);
  }
}

static void small_ranges_all_kernels(void **state) {
  (void)state;
  for (uint64_t lo = 0; lo < 60; lo++) {
    for (uint64_t hi = lo; hi < 130; hi++) {
      assert_like_single_tests(primes_miller_rabin, lo, hi);
      assert_like_single_tests(primes_trial, lo, hi);
    }
  }
  if (primes_have_sieve()) {
    for (uint64_t lo = 0; lo < 30; lo++) {
      assert_like_single_tests(primes_sieve, lo, lo);
      assert_like_single_tests(primes_sieve, lo, lo + 1);
      assert_like_single_tests(primes_sieve, lo, 60);
    }
  }
  struct fault fault;
  uint64_t count = 0;
  assert_int_equal(primes_trial(1000000, 1001000, &count, NULL, &fault), STATUS_OK);
  assert_int_equal(count, 75);
}

/* Ranges of every size, so that the strikers' limit and the segments' ends take many values. */
static void miller_rabin_anywhere(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 300; i++) {
    uint64_t lo = random_number(i) >> i % 62;
    uint64_t length = i % 3 == 0 ? i % 10 : random_number(i + 1000) % 3000;
    length = length > UINT64_MAX - lo ? UINT64_MAX - lo : length;
    assert_like_single_tests(primes_miller_rabin, lo, lo + length);
  }
  /* Several segments, and around squares of strikers. */
  assert_like_single_tests(primes_miller_rabin, 4293000000, 4293000000 + 140000);
  assert_like_single_tests(primes_miller_rabin, UINT64_C(4294967296) - 1000, 4294968296);
  assert_like_single_tests(primes_miller_rabin, UINT64_C(1000000000000000000),
                           UINT64_C(1000000000000140001));
  for (uint64_t p = 3; p < 700; p += 2) {
    assert_like_single_tests(primes_miller_rabin, p * p - 4, p * p + 5);
  }
}

static void up_to_the_last_number(void **state) {
  (void)state;
  const uint64_t last_prime = UINT64_C(18446744073709551557);
  /* Not the sieve: its set-up takes seconds there. */
  assert_like_single_tests(primes_miller_rabin, UINT64_MAX - 2000, UINT64_MAX);
  assert_like_single_tests(primes_miller_rabin, UINT64_MAX - 70000, UINT64_MAX);
  assert_primes(primes_miller_rabin, last_prime, UINT64_MAX, 1, last_prime);
  assert_primes(primes_miller_rabin, last_prime + 1, UINT64_MAX, 0, 0);
  assert_primes(primes_miller_rabin, last_prime - 1, last_prime, 0, 0);
  assert_primes(primes_miller_rabin, UINT64_MAX, UINT64_MAX, 0, 0);
  assert_like_single_tests(primes_miller_rabin, (UINT64_C(1) << 63) - 1000,
                           (UINT64_C(1) << 63) + 1000);
  assert_int_equal(primes_last(0, UINT64_MAX), last_prime);
}

/* The iterator hands out buffers; their ends must not lose or double a prime. */
static void sieve_sums_over_many_buffers(void **state) {
  (void)state;
  if (!primes_have_sieve()) {
    print_message("skipped: built without libprimesieve\n");
    return;
  }
  for (uint64_t hi = 1000; hi < 3000000; hi = hi * 3 / 2 + 1) {
    for (uint64_t lo = 0; lo < hi; lo = lo * 5 + 1) {
      struct fault fault;
      uint64_t count = 0;
      uint128_t sum = 0;
      assert_int_equal(primes_miller_rabin(lo, hi, &count, &sum, &fault), STATUS_OK);
      assert_primes(primes_sieve, lo, hi, count, sum);
    }
  }
  /* A range that ends with a prime, or at one. */
  assert_primes(primes_sieve, 100000007, 100000008, 1, 100000007);
  assert_primes(primes_sieve, 100000006, 100000007, 0, 0);
}

static void first_and_last(void **state) {
  (void)state;
  assert_int_equal(primes_first(100000000, 100100000), 100000007);
  assert_int_equal(primes_last(100000000, 100100000), 100099981);
  assert_int_equal(primes_first(24, 29), 0);
  assert_int_equal(primes_last(24, 29), 0);
  assert_int_equal(primes_first(0, 3), 2);
  assert_int_equal(primes_last(0, 3), 2);
}

static void check_list(uint64_t lo, uint64_t hi, const char *expected) {
  typedef enum status lister(uint64_t, uint64_t, struct text *, struct fault *);
  lister *const listers[] = {primes_have_sieve() ? primes_sieve_list : primes_miller_rabin_list,
                             primes_miller_rabin_list, primes_trial_list};
  size_t count = lo > 1000000000000 ? 2 : 3; /* trial division would take seconds */
  for (size_t i = 0; i < count; i++) {
    struct text text = {0};
    struct fault fault;
    assert_int_equal(listers[i](lo, hi, &text, &fault), STATUS_OK);
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes == NULL ? "" : text.bytes, expected, text.length);
    text_free(&text);
  }
}

static void lists_are_the_same_by_every_kernel(void **state) {
  (void)state;
  check_list(0, 0, "");
  check_list(0, 2, "");
  check_list(0, 3, "2\n");
  check_list(0, 30, "2\n3\n5\n7\n11\n13\n17\n19\n23\n29\n");
  check_list(24, 29, "");
  check_list(100000000, 100000040, "100000007\n100000037\n100000039\n");
  check_list(UINT64_C(18446744073709551500), UINT64_MAX,
             "18446744073709551521\n18446744073709551533\n18446744073709551557\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_counts),
      cmocka_unit_test(small_ranges_all_kernels),
      cmocka_unit_test(miller_rabin_anywhere),
      cmocka_unit_test(up_to_the_last_number),
      cmocka_unit_test(sieve_sums_over_many_buffers),
      cmocka_unit_test(first_and_last),
      cmocka_unit_test(lists_are_the_same_by_every_kernel),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
