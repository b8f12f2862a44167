/* The smooth kernels' sums: near the mathematical ones, and the same integers however they are
 * made. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/exp_negative.h"
#include "kernels/normal.h"
#include "kernels/philox.h"
#include "kernels/smooth.h"
#include "unit/each_isa.h"

enum { DIMENSIONS = 5, SAMPLES = 5000, WIDTHS = 9 };

static const double widths[WIDTHS] = {1e-150, 1e-3, 0.05, 0.3, 0.3, 1, 2.5, 40, 1e150};
static double coordinates[DIMENSIONS * SAMPLES];
static const double point[DIMENSIONS] = {0.5, -1, 0, 0.25, 2};

typedef void sum_function(const struct samples *, uint64_t, uint64_t, const double *,
                          const double *, size_t, uint128_t *);

static struct samples make_samples(size_t dimensions) {
  for (size_t i = 0; i < sizeof coordinates / sizeof coordinates[0]; i++) {
    coordinates[i] = normal_deviate(3, i);
  }
  for (size_t j = 0; j < dimensions; j++) { /* on the point itself, and infinitely far away */
    coordinates[j * SAMPLES + 17] = point[j];
    coordinates[j * SAMPLES + 18] = 1.7e308;
  }
  return (struct samples){coordinates, SAMPLES, dimensions};
}

static void test_exp(void **state) {
  (void)state;
  double worst = 0;
  for (int i = 0; i <= 1000000; i++) {
    double a = i % 2 == 0 ? -40.0 * i / 1000000 : -700.0 * i / 1000000;
    long double expected = expl((long double)a);
    worst = fmax(worst, (double)fabsl(((long double)exp_negative(a) - expected) / expected));
  }
  print_message("exp: relative error at most %.3g\n", worst);
  assert_true(worst < 2.5e-16);
  assert_true(exp_negative(0) == 1);
  assert_true(exp_negative(-0.0) == 1);
}

/* Wherever the reduced argument changes sign or its integer part steps. */
static void test_exp_at_steps(void **state) {
  (void)state;
  for (int n = 0; n < 2000; n++) {
    double a = -n * 0.34657359027997264;
    for (int i = 0; i < 5; i++) {
      long double expected = expl((long double)a);
      if (a > -700) {
        assert_true(fabsl(((long double)exp_negative(a) - expected) / expected) < 2.5e-16L);
      }
      a = nextafter(a, -INFINITY);
    }
  }
}

static long double term(bool gauss, const struct samples *samples, size_t i, double width) {
  long double square = 0;
  long double product = 1;
  for (size_t j = 0; j < samples->dimensions; j++) {
    long double u = ((long double)samples->coordinates[j * samples->stride + i] - point[j]) / width;
    square += u * u;
    product *= fabsl(u) < 1 ? 1 - u * u : 0;
  }
  return gauss ? expl(-square / 2) : product;
}

/* Every term by itself is as near as kernels/smooth.h says, and a sum is the sum of its terms. */
static void check_sums(sum_function *sum, bool gauss) {
  for (size_t dimensions = 1; dimensions <= DIMENSIONS; dimensions++) {
    struct samples samples = make_samples(dimensions);
    double d = (double)dimensions;
    double bound = 0x1p-53 * (gauss ? 0.4 * d + 6 : 8 * d + 1);
    uint128_t total[WIDTHS] = {0};
    for (size_t i = 0; i < SAMPLES; i++) {
      uint128_t one[WIDTHS] = {0};
      sum(&samples, i, i + 1, point, widths, WIDTHS, one);
      for (size_t w = 0; w < WIDTHS; w++) {
        long double found = ldexpl((long double)one[w], -SMOOTH_TERM_BITS);
        assert_true(fabsl(found - term(gauss, &samples, i, widths[w])) <= bound);
        total[w] += one[w];
      }
    }
    uint128_t sums[WIDTHS] = {0};
    sum(&samples, 0, SAMPLES, point, widths, WIDTHS, sums);
    assert_memory_equal(sums, total, sizeof sums);
    /* The sample on the point counts 1 exactly, for the least width it alone. */
    assert_true(sums[0] == (uint128_t)1 << SMOOTH_TERM_BITS);
  }
}

static void test_gauss(void **state) {
  (void)state;
  check_sums(gauss_sum, true);
}

static void test_epanechnikov(void **state) {
  (void)state;
  check_sums(epanechnikov_sum, false);
}

/* Equal on every instruction set, in parts, and for some of the widths. */
static void check_same_bits(sum_function *sum) {
  for (size_t dimensions = 1; dimensions <= DIMENSIONS; dimensions++) {
    struct samples samples = make_samples(dimensions);
    uint128_t expected[WIDTHS] = {0};
    assert_true(use_isa(ISA_BASELINE));
    sum(&samples, 0, SAMPLES, point, widths, WIDTHS, expected);
    for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++) {
      if (!use_isa(isa)) {
        continue;
      }
      uint128_t parts[WIDTHS] = {0};
      uint64_t hi;
      for (uint64_t lo = 0; lo < SAMPLES; lo = hi) {
        uint64_t length = 1 + philox_block(5, lo).word[0] % (lo % 2 == 0 ? 20 : 2000);
        hi = lo + length < SAMPLES ? lo + length : SAMPLES;
        sum(&samples, lo, hi, point, widths, 3, parts);
        sum(&samples, lo, hi, point, widths + 3, WIDTHS - 3, parts + 3);
      }
      uint128_t single[WIDTHS] = {0};
      for (size_t w = WIDTHS; w-- > 0;) {
        sum(&samples, 0, SAMPLES, point, widths + w, 1, single + w);
      }
      assert_memory_equal(parts, expected, sizeof parts);
      assert_memory_equal(single, expected, sizeof single);
    }
  }
}

static void test_gauss_same_bits(void **state) {
  (void)state;
  check_same_bits(gauss_sum);
}

static void test_epanechnikov_same_bits(void **state) {
  (void)state;
  check_same_bits(epanechnikov_sum);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exp),
      cmocka_unit_test(test_exp_at_steps),
      cmocka_unit_test(test_gauss),
      cmocka_unit_test(test_epanechnikov),
      cmocka_unit_test(test_gauss_same_bits),
      cmocka_unit_test(test_epanechnikov_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
