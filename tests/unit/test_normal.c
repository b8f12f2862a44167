/* Quantiles of the normal distribution against libm's erfc in long double. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/normal.h"

/* Relative error of the quantile x of p: Phi(x) differs from p by x's error times the density. For
   p > 1/2 the tail is compared, as 1 - p is exact there. */
static double quantile_error(double p) {
  long double x = normal_quantile(p);
  long double tail = p < 0.5 ? (long double)p : 1 - (long double)p;
  long double found = erfcl(fabsl(x) / sqrtl(2)) / 2;
  long double density = expl(-x * x / 2) / sqrtl(2 * acosl(-1));
  return (double)fabsl((found - tail) / density / x);
}

static void test_accuracy(void **state) {
  (void)state;
  double worst = 0;
  for (int i = 1; i < 200000; i++) {
    if (i != 100000) { /* 0, tested below */
      worst = fmax(worst, quantile_error(i / 200000.0));
    }
  }
  double p = 0.5;
  for (int i = 0; i < 7950; i++) { /* down to 1e-300 */
    p *= 0.917;
    worst = fmax(worst, quantile_error(p));
    if (p > 1e-15) {
      worst = fmax(worst, quantile_error(1 - p));
    }
  }
  print_message("quantile: relative error at most %.3g\n", worst);
  assert_true(worst < 1e-15);
}

static void test_symmetry(void **state) {
  (void)state;
  assert_true(normal_quantile(0.5) == 0);
  for (int i = 1; i < 1024; i++) { /* 1 - p is exact */
    assert_true(normal_quantile(i / 1024.0) == -normal_quantile(1 - i / 1024.0));
  }
}

/* A stream's first four moments, within 5 standard errors, and its two ends of every block. */
static void test_moments(void **state) {
  (void)state;
  enum { COUNT = 200000 };
  double sums[4] = {0};
  double product = 0;
  for (uint64_t i = 0; i < COUNT; i++) {
    double x = normal_deviate(7, i);
    double power = x;
    for (int k = 0; k < 4; k++) {
      sums[k] += power;
      power *= x;
    }
    product += i % 2 == 0 ? x * normal_deviate(7, i + 1) : 0;
  }
  double error = 5 / sqrt(COUNT);
  assert_true(fabs(sums[0] / COUNT) < error);
  assert_true(fabs(sums[1] / COUNT - 1) < error * sqrt(2));
  assert_true(fabs(sums[2] / COUNT) < error * sqrt(15));
  assert_true(fabs(sums[3] / COUNT - 3) < error * sqrt(96));
  assert_true(fabs(product / (0.5 * COUNT)) < error * sqrt(2));
  assert_true(normal_deviate(7, 0) != normal_deviate(8, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_accuracy),
      cmocka_unit_test(test_symmetry),
      cmocka_unit_test(test_moments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
