/* Which points `scale` fits laws to, and that the intervals of whole studies hold the truth. */
#include "unit/scaling_points.h"

#include "kernels/philox.h"

/* A serial fraction of a tenth, and points past the cores, which the fit leaves out. */
static void fits_use_points_with_a_core_each(void **state) {
  (void)state;
  for (int workers = 1; workers <= 32; workers *= 2) {
    add_point(workers, 8 * (0.1 + 0.9 / (workers < 8 ? workers : 8)));
  }
  struct fit fit = scaling_fit(&scaling, 0);
  assert_true(fit.fitted && fit.law == FIT_AMDAHL && fit.points == 3);
  assert_true(fabs(fit.value[0] - 0.1) < 1e-6);
  assert_int_equal(scaling_fit(&scaling, 1).law, FIT_UNIVERSAL);
  scaling.weak = true;
  assert_int_equal(scaling_fit(&scaling, 0).law, FIT_GUSTAFSON);
  scaling.count = 2;
  assert_false(scaling_fit(&scaling, 0).fitted);
}

/* A standard normal number, by Box and Muller. */
static double noise(uint64_t draw) {
  struct philox_block block = philox_block(0x5eed, draw);
  double u = ((double)block.word[0] + 0.5) / 4294967296.0;
  double v = ((double)block.word[1] + 0.5) / 4294967296.0;
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* As `scale` fits: the one-rank point beside the others, all over one baseline, which is off by one
   or two per cent. In 2,000 studies each the intervals hold a fraction of 5 %; somewhat
   too often where the baseline's error is the larger. */
static void fits_of_whole_studies_cover(void **state) {
  (void)state;
  static const struct {
    int most;
    double baseline_error;
  } studies[] = {{8, 0}, {8, 0.01}, {32, 0}, {32, 0.01}, {32, 0.02}};
  uint64_t draw = 0;
  for (size_t i = 0; i < sizeof studies / sizeof studies[0]; i++) {
    size_t covered = 0;
    enum { STUDIES = 2000 };
    for (size_t study = 0; study < STUDIES; study++) {
      begin(NULL);
      scaling.serial = 8 * (1 + studies[i].baseline_error * noise(draw++));
      scaling.baseline_error = studies[i].baseline_error;
      for (int workers = 1; workers <= studies[i].most; workers *= 2) {
        struct scaling_point *point =
            add_point(workers, 8 * (0.05 + 0.95 / workers) * (1 + 0.01 * noise(draw++)));
        point->cores = point->ideal = studies[i].most;
      }
      struct fit fit = scaling_fit(&scaling, 0);
      assert_true(fit.fitted);
      covered += fit.low[0] <= 0.05 && 0.05 <= fit.high[0];
    }
    double share = (double)covered / STUDIES;
    print_message("1 ... %d ranks, baseline %.0f %% off: covered %.4f\n", studies[i].most,
                  100 * studies[i].baseline_error, share);
    assert_true(share > 0.935 && share < (studies[i].baseline_error > 0 ? 0.998 : 0.965));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(fits_use_points_with_a_core_each, begin),
      cmocka_unit_test_setup(fits_of_whole_studies_cover, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
