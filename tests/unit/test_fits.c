/* Scaling laws: known parameters come back, with and without noise, and too few points are refused.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/philox.h"
#include "statistics/fits.h"

static const double ranks[] = {1, 2, 4, 8, 16, 32, 64};
enum { POINTS = 7 };

/* The laws as their authors wrote them, not as the fit does. */
static double law(enum fit_law which, const double *parameter, double p) {
  switch (which) {
  case FIT_AMDAHL:
    return 1 / (parameter[0] + (1 - parameter[0]) / p);
  case FIT_GUSTAFSON:
    return p - parameter[0] * (p - 1);
  default:
    return p / (1 + parameter[0] * (p - 1) + parameter[1] * p * (p - 1));
  }
}

/* A standard normal number, by Box and Muller. */
static double noise(uint64_t draw) {
  struct philox_block block = philox_block(0x5eed, draw);
  double u = ((double)block.word[0] + 0.5) / 4294967296.0;
  double v = ((double)block.word[1] + 0.5) / 4294967296.0;
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static const struct {
  enum fit_law law;
  double parameter[2];
} known[] = {
    {FIT_AMDAHL, {0.05, 0}},     {FIT_AMDAHL, {0, 0}},      {FIT_AMDAHL, {0.5, 0}},
    {FIT_AMDAHL, {1, 0}},        {FIT_GUSTAFSON, {0.1, 0}}, {FIT_GUSTAFSON, {0, 0}},
    {FIT_GUSTAFSON, {0.7, 0}},   {FIT_UNIVERSAL, {0, 0}},   {FIT_UNIVERSAL, {0.03, 0.0005}},
    {FIT_UNIVERSAL, {0, 0.001}}, {FIT_UNIVERSAL, {0.2, 0}},
};

static void known_parameters_come_back(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    double speedup[POINTS];
    for (size_t k = 0; k < POINTS; k++) {
      speedup[k] = law(known[i].law, known[i].parameter, ranks[k]);
    }
    struct fit fit = fit_scaling(known[i].law, ranks, speedup, POINTS, 0);
    print_message("%s %g %g: %g %g\n", fit_name(fit.law), known[i].parameter[0],
                  known[i].parameter[1], fit.value[0], fit.value[1]);
    assert_true(fit.fitted);
    assert_int_equal(fit.points, POINTS - 1); /* one rank teaches nothing */
    for (size_t k = 0; k < fit.count; k++) {
      assert_true(fabs(fit.value[k] - known[i].parameter[k]) < 1e-10);
      assert_true(fit.low[k] <= fit.value[k] && fit.value[k] <= fit.high[k]);
      assert_true(fit.high[k] - fit.low[k] < 1e-9);
    }
    for (size_t k = 0; k < POINTS; k++) {
      assert_true(fabs(fit_speedup(&fit, ranks[k]) - speedup[k]) < 1e-8 * speedup[k]);
    }
  }
}

/* 95 % intervals must hold the truth in 95 % of 2,000 noisy studies: 93.5 to 96.5 % is within three
   standard errors. Without bounds in the way, that is: these parameters are far from theirs. */
static void intervals_cover(void **state) {
  (void)state;
  static const struct {
    enum fit_law law;
    double parameter[2];
  } noisy[] = {{FIT_AMDAHL, {0.05, 0}}, {FIT_GUSTAFSON, {0.4, 0}}, {FIT_UNIVERSAL, {0.05, 0.002}}};
  const size_t studies = 2000;
  uint64_t draw = 0;
  for (size_t i = 0; i < sizeof noisy / sizeof noisy[0]; i++) {
    size_t covered[2] = {0, 0};
    double mean[2] = {0, 0};
    for (size_t study = 0; study < studies; study++) {
      double speedup[POINTS - 1];
      for (size_t k = 0; k + 1 < POINTS; k++) {
        speedup[k] =
            law(noisy[i].law, noisy[i].parameter, ranks[k + 1]) / (1 + 0.02 * noise(draw++));
      }
      struct fit fit = fit_scaling(noisy[i].law, ranks + 1, speedup, POINTS - 1, 0);
      assert_true(fit.fitted);
      for (size_t k = 0; k < fit.count; k++) {
        covered[k] += fit.low[k] <= noisy[i].parameter[k] && noisy[i].parameter[k] <= fit.high[k];
        mean[k] += fit.value[k] / (double)studies;
      }
    }
    for (size_t k = 0; k < (noisy[i].law == FIT_UNIVERSAL ? 2 : 1); k++) {
      double share = (double)covered[k] / (double)studies;
      print_message("%s %s = %g: mean %g, covered %.4f\n", fit_name(noisy[i].law),
                    fit_parameter_name(noisy[i].law, k), noisy[i].parameter[k], mean[k], share);
      assert_true(share > 0.935 && share < 0.965);
      assert_true(fabs(mean[k] - noisy[i].parameter[k]) < 0.02 * noisy[i].parameter[k]);
    }
  }
}

static void bounds_hold(void **state) {
  (void)state;
  /* Faster than linear: no serial part, rather than a negative one. */
  double speedup[POINTS];
  for (size_t k = 0; k < POINTS; k++) {
    speedup[k] = ranks[k] * (ranks[k] > 1 ? 1.05 : 1);
  }
  for (enum fit_law which = FIT_AMDAHL; which <= FIT_UNIVERSAL; which++) {
    struct fit fit = fit_scaling(which, ranks, speedup, POINTS, 0);
    assert_true(fit.fitted && fit.value[0] == 0 && fit.value[1] == 0 && fit.low[0] == 0);
  }
  /* Where one parameter comes out negative the other is fitted without it. */
  static const double concave[] = {0.1, -0.0005};
  for (size_t k = 0; k < POINTS; k++) {
    speedup[k] = law(FIT_UNIVERSAL, concave, ranks[k]);
  }
  struct fit universal = fit_scaling(FIT_UNIVERSAL, ranks, speedup, POINTS, 0);
  struct fit amdahl = fit_scaling(FIT_AMDAHL, ranks, speedup, POINTS, 0);
  assert_true(universal.value[1] == 0 && universal.value[0] > 0);
  assert_true(fabs(universal.value[0] - amdahl.value[0]) < 1e-9);
}

static void too_few_points_are_refused(void **state) {
  (void)state;
  static const double speedup[] = {1, 1.9, 3.4, 6};
  static const double repeated[] = {1, 2, 2, 2};
  struct fit fit = fit_scaling(FIT_AMDAHL, ranks, speedup, 2, 0);
  assert_false(fit.fitted);
  assert_string_equal(
      fit.reason,
      "Amdahl needs at least 2 numbers of ranks above 1 with a core each, and there is only 1");
  assert_true(fit_scaling(FIT_AMDAHL, ranks, speedup, 3, 0).fitted);
  assert_false(fit_scaling(FIT_UNIVERSAL, ranks, speedup, 3, 0).fitted);
  assert_true(fit_scaling(FIT_UNIVERSAL, ranks, speedup, 4, 0).fitted);
  assert_false(fit_scaling(FIT_AMDAHL, repeated, speedup, 4, 0).fitted);
  assert_false(fit_scaling(FIT_GUSTAFSON, ranks, speedup, 0, 0).fitted);
  fit = fit_scaling(FIT_AMDAHL, ranks, speedup, 4, NAN);
  assert_false(fit.fitted);
  assert_non_null(strstr(fit.reason, "one sample does not tell it"));
}

/* A speedup of 4 on 8 ranks: (1/4 - 1/8) / (1 - 1/8) = 1/7. And under Amdahl's law their fraction
   is his, at any number of ranks. */
static void karp_flatt_is_amdahls_fraction(void **state) {
  (void)state;
  assert_true(fabs(fit_karp_flatt(4, 8) - 1.0 / 7) < 1e-15);
  for (size_t k = 1; k < POINTS; k++) {
    double f = 0.07;
    assert_true(fabs(fit_karp_flatt(law(FIT_AMDAHL, &f, ranks[k]), ranks[k]) - f) < 1e-14);
  }
}

static void the_best_number_of_ranks(void **state) {
  (void)state;
  struct fit fit = {.law = FIT_UNIVERSAL, .count = 2, .value = {0.02, 0.0005}};
  double best = fit_best_ranks(&fit);
  assert_true(fit_speedup(&fit, best) > fit_speedup(&fit, best - 1));
  assert_true(fit_speedup(&fit, best) > fit_speedup(&fit, best + 1));
  fit.value[1] = 0;
  assert_true(isinf(fit_best_ranks(&fit)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_parameters_come_back),
      cmocka_unit_test(intervals_cover),
      cmocka_unit_test(bounds_hold),
      cmocka_unit_test(too_few_points_are_refused),
      cmocka_unit_test(karp_flatt_is_amdahls_fraction),
      cmocka_unit_test(the_best_number_of_ranks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
