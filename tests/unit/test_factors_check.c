/* What is particular to factors: its check looks at every sum and each part of it can fail; its
 * bins. */
#include "unit/job_fixture.h"

#include "kernels/factors.h"

/* Each sum of the tally of factors by itself, and pairs that hide one another from simple sums. */
static void the_check_of_factors_sees_every_sum(void **state) {
  (void)state;
  char line[] = "factors 2 100000 --bins 3 --limit 20"; /* 8 classes and the larger ones */
  enum { LARGER = 8, LARGER_DIVISIONS, BIN, SUMS = BIN + 9 };
  static const struct {
    size_t up, down;
  } swaps[] = {
      {0, 1},             /* a number in another class */
      {7, LARGER},        /* or in none of its own */
      {3, BIN},           /* a prime taken for a multiple of 7 */
      {BIN + 1, BIN + 2}, /* divisions of a composite on the account of primes */
  };
  struct fixture fixture;
  bool right;
  open_fixture(&fixture, line);
  assert_int_equal(fixture.tally.shape.sums, SUMS);
  uint64_t *sums = fixture.tally.sums;
  run_range(&fixture, (struct range){0, 99998});
  free(finish(&fixture, &right));
  assert_true(right);
  for (size_t i = 0; i < SUMS; i++) {
    bool of_primes = i >= BIN && (i - BIN) % 3 == 1; /* only known within bounds */
    uint64_t step = of_primes ? sums[i] : 1;
    for (int up = 0; up < 2; up++) {
      sums[i] += up ? step : -step;
      free(finish(&fixture, &right));
      assert_false(right);
      sums[i] -= up ? step : -step;
    }
  }
  for (size_t i = 0; i < sizeof swaps / sizeof swaps[0]; i++) {
    sums[swaps[i].up]++;
    sums[swaps[i].down]--;
    free(finish(&fixture, &right));
    assert_false(right);
    sums[swaps[i].up]--;
    sums[swaps[i].down]++;
  }
  for (size_t bin = 0; bin < 3; bin++) {
    uint64_t most = fixture.tally.minima[bin];
    fixture.tally.minima[bin] = ~UINT64_C(160); /* 158 are possible, and in the last bin 157 made */
    free(finish(&fixture, &right));
    assert_false(right);
    fixture.tally.minima[bin] = ~UINT64_C(1);
    free(finish(&fixture, &right));
    assert_false(right);
    fixture.tally.minima[bin] = most;
  }
  close_fixture(&fixture);
}

/* What all sums agree on and yet is wrong: each part of the check by itself. */
static void each_part_of_the_check_of_factors_can_fail(void **state) {
  (void)state;
  char line[] = "factors 2 100000 --bins 1 --limit 20";
  enum { LARGER = 8, LARGER_DIVISIONS, PRIMES, PRIME_DIVISIONS, COMPOSITE_DIVISIONS };
  struct fixture fixture;
  bool right;
  open_fixture(&fixture, line);
  uint64_t *sums = fixture.tally.sums;
  run_range(&fixture, (struct range){0, 99998});
  /* Legendre's formula: a multiple of 3 taken for an even number. */
  sums[0]++;
  sums[1]--;
  sums[COMPOSITE_DIVISIONS]--;
  free(finish(&fixture, &right));
  assert_false(right);
  sums[0]--;
  sums[1]++;
  sums[COMPOSITE_DIVISIONS]++;
  /* The prime number theorem: a sixth of the primes taken for composite. */
  const uint64_t lost = 1600;
  const uint64_t divisions = lost * 100;
  sums[PRIMES] -= lost;
  sums[LARGER] += lost;
  sums[PRIME_DIVISIONS] -= divisions;
  sums[LARGER_DIVISIONS] += divisions;
  sums[COMPOSITE_DIVISIONS] += divisions;
  free(finish(&fixture, &right));
  assert_false(right);
  sums[PRIMES] += lost;
  sums[LARGER] -= lost;
  sums[PRIME_DIVISIONS] += divisions;
  sums[LARGER_DIVISIONS] -= divisions;
  sums[COMPOSITE_DIVISIONS] -= divisions;
  free(finish(&fixture, &right));
  assert_true(right);
  /* Random stretches: a sieve that lacks the primes above 20. */
  struct factors_table *table = fixture.job.state;
  size_t count = table->count;
  table->count = table->classes;
  free(finish(&fixture, &right));
  assert_false(right);
  table->count = count;
  close_fixture(&fixture);
}

/* A bin holds its own numbers, wherever ranges are cut. */
static void bins_are_told_apart(void **state) {
  (void)state;
  char line[] = "factors 90 113 --bins 5 --kernel trial"; /* 90, 95, 100, 105, 109, 113 */
  struct fixture fixture;
  open_fixture(&fixture, line);
  for (uint64_t i = 0; i < 23; i++) {
    run_range(&fixture, (struct range){i, i + 1});
  }
  bool right;
  char *answer = finish(&fixture, &right);
  assert_true(right);
  static const char *const bins[] = {
      "{\"from\":\"90\",\"to\":\"95\",\"numbers\":5,\"primes\":0,",
      "{\"from\":\"95\",\"to\":\"100\",\"numbers\":5,\"primes\":1,\"prime_divisions\":5,",
      "{\"from\":\"100\",\"to\":\"105\",\"numbers\":5,\"primes\":2,\"prime_divisions\":10,",
      "{\"from\":\"105\",\"to\":\"109\",\"numbers\":4,\"primes\":1,\"prime_divisions\":5,",
      "{\"from\":\"109\",\"to\":\"113\",\"numbers\":4,\"primes\":1,\"prime_divisions\":5,",
  };
  for (size_t i = 0; i < sizeof bins / sizeof bins[0]; i++) {
    assert_non_null(strstr(answer, bins[i]));
  }
  free(answer);
  close_fixture(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_check_of_factors_sees_every_sum),
      cmocka_unit_test(each_part_of_the_check_of_factors_can_fail),
      cmocka_unit_test(bins_are_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
