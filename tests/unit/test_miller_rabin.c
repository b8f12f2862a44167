#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/uint128.h"
#include "kernels/miller_rabin.h"
#include "kernels/montgomery.h"
#include "kernels/philox.h"
#include "kernels/pollard_rho.h"

enum { SIEVE = 1000000 };

static unsigned char smallest[SIEVE]; /* 0 for primes, else whether the smallest factor is known */
static uint32_t factor[SIEVE];

static int sieve(void **state) {
  (void)state;
  for (uint32_t p = 2; p < SIEVE; p++) {
    for (uint32_t multiple = 2 * p; !smallest[p] && multiple < SIEVE; multiple += p) {
      factor[multiple] = smallest[multiple] ? factor[multiple] : p;
      smallest[multiple] = 1;
    }
  }
  return 0;
}

static uint64_t random_number(uint64_t index) {
  struct philox_block draw = philox_block(7, index);
  return (uint64_t)draw.word[1] << 32 | draw.word[0];
}

static void below_a_million_as_a_sieve_says(void **state) {
  (void)state;
  assert_false(is_prime(0));
  assert_false(is_prime(1));
  for (uint64_t n = 2; n < SIEVE; n++) {
    assert_int_equal(is_prime(n), !smallest[n]);
    assert_int_equal(is_prime_by_prime_bases(n), !smallest[n]);
  }
}

static void smallest_factors_as_a_sieve_says(void **state) {
  (void)state;
  for (uint64_t n = 2; n < SIEVE; n += n < 20000 ? 1 : 37) {
    assert_int_equal(smallest_prime_factor(n), smallest[n] ? factor[n] : n);
  }
}

static void pseudoprimes_are_composite(void **state) {
  (void)state;
  static const uint64_t pseudoprimes[] = {2047,
                                          1373653,
                                          25326001,
                                          3215031751,
                                          2152302898747,
                                          3474749660383,
                                          341550071728321,
                                          3825123056546413051,
                                          4759123141,
                                          561,
                                          1729,
                                          29341,
                                          UINT64_C(18446744066047760377),
                                          UINT64_C(17984433145457250001)};
  for (size_t i = 0; i < sizeof pseudoprimes / sizeof pseudoprimes[0]; i++) {
    bool prime = is_prime(pseudoprimes[i]);
    assert_int_equal(prime, is_prime_by_prime_bases(pseudoprimes[i]));
    assert_false(prime);
  }
  uint64_t base_2[BASE_2_BATCH] = {2047, 3215031751, 3825123056546413051, 9};
  assert_int_equal(passes_base_2(base_2), 7); /* the others do fool base 2 */
  assert_false(is_prime_after_base_2(2047));
  assert_false(is_prime_after_base_2(3215031751));
  assert_false(is_prime_after_base_2(3825123056546413051));
}

static void both_arithmetics_agree(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 4000; i++) {
    uint64_t n = random_number(i) >> i % 40 | 1;
    assert_int_equal(is_prime(n), is_prime_by_prime_bases(n));
  }
  for (uint64_t i = 0; i < 500; i++) {
    assert_int_equal(is_prime(UINT64_MAX - i), is_prime_by_prime_bases(UINT64_MAX - i));
    uint64_t middle = (UINT64_C(1) << 63) - 250 + i;
    assert_int_equal(is_prime(middle), is_prime_by_prime_bases(middle));
  }
}

static void known_primes(void **state) {
  (void)state;
  static const uint64_t primes[] = {2,
                                    3,
                                    5,
                                    7,
                                    13,
                                    73,
                                    193,
                                    2341,
                                    100109100129100151,
                                    100109100129162907,
                                    1000000000000000003,
                                    (UINT64_C(1) << 61) - 1,
                                    UINT64_C(9223372036854775783),
                                    UINT64_C(18446744073709551557)};
  for (size_t i = 0; i < sizeof primes / sizeof primes[0]; i++) {
    assert_true(is_prime(primes[i]));
    assert_int_equal(smallest_prime_factor(primes[i]), primes[i]);
  }
  /* Factors of Sinclair's bases: such a base says nothing about them. */
  static const uint64_t divides_a_base[] = {325, 9375, 28178, 450775, 9780504, 1795265022};
  for (size_t i = 0; i < sizeof divides_a_base / sizeof divides_a_base[0]; i++) {
    for (uint64_t d = 2; d * d <= divides_a_base[i]; d++) {
      if (divides_a_base[i] % d == 0) {
        assert_int_equal(is_prime(d), is_prime_by_prime_bases(d));
        assert_int_equal(is_prime(divides_a_base[i] / d),
                         is_prime_by_prime_bases(divides_a_base[i] / d));
      }
    }
  }
}

static void a_batch_is_four_single_tests(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 2000; i++) {
    uint64_t n[BASE_2_BATCH];
    for (uint64_t j = 0; j < BASE_2_BATCH; j++) {
      n[j] = (random_number(4 * i + j) >> (i + 7 * j) % 59) | 5;
    }
    unsigned together = passes_base_2(n);
    for (uint64_t j = 0; j < BASE_2_BATCH; j++) {
      uint64_t same[BASE_2_BATCH] = {n[j], n[j], n[j], n[j]};
      assert_int_equal(passes_base_2(same), together >> j & 1 ? 15 : 0);
    }
  }
}

static void montgomery_is_arithmetic_modulo_n(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 20000; i++) {
    uint64_t n = (i % 5 == 0 ? UINT64_MAX - 2 * i : random_number(i) >> i % 62) | 3;
    struct montgomery m = montgomery_of(n);
    uint64_t a = random_number(i + 1) % n;
    uint64_t b = i % 7 == 0 ? n - 1 : random_number(i + 2) % n;
    assert_int_equal(montgomery_multiply(&m, montgomery_residue(&m, a), b),
                     (uint64_t)((uint128_t)a * b % n));
    assert_int_equal(montgomery_add(&m, a, b), (uint64_t)(((uint128_t)a + b) % n));
    assert_int_equal(m.one, montgomery_residue(&m, 1));
  }
}

static void semiprimes_are_split(void **state) {
  (void)state;
  assert_int_equal(smallest_prime_factor(100109100129100369), 95362951);
  assert_int_equal(smallest_prime_factor(100109100129101027), 171656941);
  assert_int_equal(smallest_prime_factor(112272535095295), 5);
  /* The worst: two primes, or one squared, just below 2^32. */
  assert_int_equal(smallest_prime_factor(UINT64_C(18446744030759878681)), 4294967291);
  assert_int_equal(smallest_prime_factor(UINT64_C(4294967291) * 4294967279), 4294967279);
  for (uint64_t i = 0; i < 100; i++) {
    uint64_t p = random_number(i) >> (32 + i % 20) | 1;
    uint64_t q = random_number(i + 1000) >> 32 | 1;
    while (!is_prime(p)) {
      p += 2;
    }
    while (!is_prime(q)) {
      q -= 2;
    }
    p = p > UINT32_MAX ? 4294967291 : p;
    assert_int_equal(smallest_prime_factor(p * q), p < q ? p : q);
  }
  assert_int_equal(smallest_prime_factor(UINT64_MAX), 3);
  assert_int_equal(smallest_prime_factor(UINT64_C(11111111111111111111)), 11);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(below_a_million_as_a_sieve_says),
      cmocka_unit_test(smallest_factors_as_a_sieve_says),
      cmocka_unit_test(pseudoprimes_are_composite),
      cmocka_unit_test(both_arithmetics_agree),
      cmocka_unit_test(known_primes),
      cmocka_unit_test(a_batch_is_four_single_tests),
      cmocka_unit_test(montgomery_is_arithmetic_modulo_n),
      cmocka_unit_test(semiprimes_are_split),
  };
  return cmocka_run_group_tests(tests, sieve, NULL);
}
