/* Tallies: merging is exact, and no two share a cache line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/tally.h"

static const struct tally_shape shape = {.sums = 3, .wide_sums = 2, .minima = 2};

static struct tally make_tally(struct tally_shape wanted) {
  struct tally tally;
  struct fault fault;
  assert_int_equal(tally_init(&tally, wanted, &fault), STATUS_OK);
  return tally;
}

static void a_new_one_is_neutral(void **state) {
  (void)state;
  struct tally new = make_tally(shape);
  struct tally other = make_tally(shape);
  other.sums[1] = 5;
  other.wide_sums[0] = (uint128_t)7 << 90;
  other.minima[1] = 3;
  other.limit = 11;
  tally_add(&new, &other);
  assert_true(tally_equal(&new, &other));
  assert_int_equal(new.limit, 11);
  tally_clear(&other);
  tally_add(&new, &other);
  assert_int_equal(new.sums[1], 5);
  assert_true(new.wide_sums[0] == (uint128_t)7 << 90);
  assert_int_equal(new.minima[1], 3);
  assert_int_equal(new.minima[0], UINT64_MAX);
  assert_int_equal(new.limit, 11);
  tally_free(&new);
  tally_free(&other);
}

static void sums_are_added_and_minima_taken(void **state) {
  (void)state;
  struct tally a = make_tally(shape);
  struct tally b = make_tally(shape);
  for (size_t i = 0; i < shape.sums; i++) {
    a.sums[i] = 10 + i;
    b.sums[i] = UINT64_C(1) << 40;
  }
  a.wide_sums[0] = UINT64_MAX; /* with a carry */
  b.wide_sums[0] = 2;
  a.minima[0] = 4;
  b.minima[0] = 9;
  a.minima[1] = 8;
  b.minima[1] = 1;
  b.limit = 100;
  tally_add(&a, &b);
  for (size_t i = 0; i < shape.sums; i++) {
    assert_int_equal(a.sums[i], (UINT64_C(1) << 40) + 10 + i);
  }
  assert_true(a.wide_sums[0] == ((uint128_t)1 << 64) + 1);
  assert_true(a.wide_sums[1] == 0);
  assert_int_equal(a.minima[0], 4);
  assert_int_equal(a.minima[1], 1);
  assert_int_equal(a.limit, 100);
  assert_int_equal(b.sums[0], UINT64_C(1) << 40); /* untouched */
  tally_free(&a);
  tally_free(&b);
}

static void each_on_cache_lines_of_its_own(void **state) {
  (void)state;
  struct tally tallies[8];
  for (size_t i = 0; i < 8; i++) {
    tallies[i] = make_tally((struct tally_shape){.sums = 1, .wide_sums = i, .minima = 1});
    assert_int_equal((uintptr_t)tallies[i].sums % 64, 0);
    assert_int_equal((uintptr_t)tallies[i].wide_sums % 64, 0);
    assert_int_equal((uintptr_t)tallies[i].minima % 64, 0);
  }
  for (size_t i = 0; i < 8; i++) {
    tally_free(&tallies[i]);
  }
}

static void too_large_is_refused(void **state) {
  (void)state;
  struct tally tally;
  struct fault fault;
  struct tally_shape huge = {.sums = SIZE_MAX / 4};
  assert_int_equal(tally_init(&tally, huge, &fault), STATUS_FAILED);
  huge = (struct tally_shape){.wide_sums = SIZE_MAX / 16};
  assert_int_equal(tally_init(&tally, huge, &fault), STATUS_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_one_is_neutral),
      cmocka_unit_test(sums_are_added_and_minima_taken),
      cmocka_unit_test(each_on_cache_lines_of_its_own),
      cmocka_unit_test(too_large_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
