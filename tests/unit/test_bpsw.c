#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/number.h"
#include "kernels/bpsw.h"
#include "kernels/miller_rabin.h"
#include "kernels/montgomery128.h"
#include "kernels/philox.h"

static uint64_t random_number(uint64_t index) {
  struct philox_block draw = philox_block(5, index);
  return (uint64_t)draw.word[1] << 32 | draw.word[0];
}

static uint128_t number(const char *text) {
  uint128_t value = 0;
  assert_int_equal(number_parse_count128(text, &value), NUMBER_OK);
  return value;
}

static void assert_primality(const char *text, enum primality expected) {
  enum primality got = primality_128(number(text));
  if (got != expected) {
    fail_msg("%s: %d, expected %d", text, (int)got, (int)expected);
  }
}

static void bpsw_is_right_below_2_64(void **state) {
  (void)state;
  for (uint64_t n = 0; n < 100000; n++) {
    assert_int_equal(passes_bpsw(n), is_prime(n));
  }
  for (uint64_t i = 0; i < 10000; i++) {
    uint64_t n = random_number(i) >> i % 50 | 1;
    assert_int_equal(passes_bpsw(n), is_prime(n));
    assert_int_equal(primality_128(n), is_prime(n) ? PROVEN_PRIME : COMPOSITE);
  }
  for (uint64_t i = 0; i < 1000; i++) {
    assert_int_equal(passes_bpsw(UINT64_MAX - i), is_prime(UINT64_MAX - i));
  }
}

/* OEIS A217255: the strong Lucas pseudoprimes (Selfridge's parameters) below 10^5. */
static void strong_lucas_pseudoprimes(void **state) {
  (void)state;
  static const uint64_t expected[] = {5459,  5777,  10877, 16109, 18971, 22499,
                                      24569, 25199, 40309, 58519, 75077, 97439};
  size_t found = 0;
  for (uint64_t n = 7; n < 100000; n += 2) {
    bool passes = passes_strong_lucas(n);
    if (is_prime(n)) {
      assert_true(passes);
    } else if (passes) {
      assert_true(found < sizeof expected / sizeof expected[0]);
      assert_int_equal(n, expected[found++]);
    }
  }
  assert_int_equal(found, sizeof expected / sizeof expected[0]);
}

static void primes_beyond_64_bits(void **state) {
  (void)state;
  assert_primality("18446744073709551629", PROVEN_PRIME); /* the first above 2^64 */
  assert_primality("1000000000000000000117", PROVEN_PRIME);
  assert_primality("2^89-1", PROBABLE_PRIME);
  assert_primality("2^107-1", PROBABLE_PRIME);
  assert_primality("2^127-1", PROBABLE_PRIME);
  assert_primality("2^128-159", PROBABLE_PRIME); /* the last below 2^128 */
  uint128_t last = ~(uint128_t)0;
  for (; last != number("2^128-159"); last--) {
    assert_int_equal(primality_128(last), COMPOSITE);
  }
  for (uint128_t n = number("2^64"); n < number("2^64+13"); n++) {
    assert_int_equal(primality_128(n), COMPOSITE);
  }
}

static void composites_beyond_64_bits(void **state) {
  (void)state;
  assert_primality("2^64+1", COMPOSITE);
  assert_primality("2^67-1", COMPOSITE);
  assert_primality("2^101-1", COMPOSITE);
  assert_primality("2^103-1", COMPOSITE);
  assert_primality("2^128-1", COMPOSITE);
  /* 18446744073709551557 squared, and with the prime before it. */
  uint128_t p = UINT64_C(18446744073709551557);
  assert_int_equal(primality_128(p * p), COMPOSITE);
  assert_int_equal(primality_128(p * UINT64_C(18446744073709551533)), COMPOSITE);
  assert_false(passes_strong_lucas(p * p));
  assert_int_equal(primality_128(UINT64_C(4294967311) * (uint128_t)4294967311), COMPOSITE);
}

/* The least numbers that fool the first twelve and the first thirteen primes as bases. */
static void strong_pseudoprimes_are_composite(void **state) {
  (void)state;
  static const uint32_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41};
  uint128_t twelve = number("318665857834031151167461");
  uint128_t thirteen = number("3317044064679887385961981");
  for (size_t i = 0; i < 13; i++) {
    assert_int_equal(passes_miller_rabin_128(twelve, bases[i]), i < 12);
    assert_true(passes_miller_rabin_128(thirteen, bases[i]));
  }
  assert_int_equal(primality_128(twelve), COMPOSITE);
  assert_int_equal(primality_128(thirteen), COMPOSITE);
  assert_false(passes_bpsw(twelve));
  assert_false(passes_bpsw(thirteen));
}

static uint128_t multiply_slowly(uint128_t a, uint128_t b, uint128_t n) {
  uint128_t product = 0;
  for (int bit = 127; bit >= 0; bit--) {
    product = product >= n - product ? product - (n - product) : product + product;
    if (b >> bit & 1) {
      product = product >= n - a ? product - (n - a) : product + a;
    }
  }
  return product;
}

static void montgomery128_is_arithmetic_modulo_n(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 3000; i++) {
    uint128_t n = ((uint128_t)random_number(4 * i) << 64 | random_number(4 * i + 1)) >> i % 120;
    n = i % 5 == 0 ? ~(uint128_t)0 - (uint128_t)2 * i : n | 3;
    uint128_t a = ((uint128_t)random_number(4 * i + 2) << 64 | random_number(4 * i)) % n;
    uint128_t b = i % 7 == 0 ? n - 1 : ((uint128_t)random_number(4 * i + 3) << 64) % n;
    struct montgomery128 m = montgomery128_of(n);
    /* a' * b' * 2^-128 = c, so c * 2^128 = a' * b' modulo n. */
    uint128_t c = montgomery128_multiply(&m, a, b);
    assert_true(c < n);
    assert_true(multiply_slowly(c, m.one, n) == multiply_slowly(a, b, n));
    assert_true(montgomery128_add(&m, montgomery128_half(&m, a), montgomery128_half(&m, a)) == a);
    assert_true(montgomery128_add(&m, montgomery128_subtract(&m, a, b), b) == a);
    assert_true(montgomery128_residue(&m, 1) == m.one);
    assert_true(
        montgomery128_add(&m, montgomery128_residue(&m, -7), montgomery128_residue(&m, 7)) == 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bpsw_is_right_below_2_64),
      cmocka_unit_test(strong_lucas_pseudoprimes),
      cmocka_unit_test(primes_beyond_64_bits),
      cmocka_unit_test(composites_beyond_64_bits),
      cmocka_unit_test(strong_pseudoprimes_are_composite),
      cmocka_unit_test(montgomery128_is_arithmetic_modulo_n),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
