/* Cutting the index space: every item in exactly one share, whatever the numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/range.h"

static void check_shares(uint64_t items, uint64_t grain, uint64_t parts) {
  uint64_t next = 0;
  uint64_t longest = 0;
  uint64_t shortest = UINT64_MAX;
  for (uint64_t part = 0; part < parts; part++) {
    struct range share = range_share(items, grain, part, parts);
    assert_true(share.lo == next);
    assert_true(share.hi >= share.lo);
    assert_true(share.lo % grain == 0 || share.lo == items);
    uint64_t grains = range_length(share) / grain + (range_length(share) % grain != 0);
    longest = grains > longest ? grains : longest;
    shortest = grains < shortest ? grains : shortest;
    next = share.hi;
  }
  assert_true(next == items);
  assert_true(longest - shortest <= 1);
}

static void shares_cover_everything_once(void **state) {
  (void)state;
  static const uint64_t items[] = {0,         1, 2, 7, 100, 4096, 4097, 1000003, UINT64_MAX - 1,
                                   UINT64_MAX};
  static const uint64_t grains[] = {1, 2, 3, 64, 4096, UINT64_MAX / 3, UINT64_MAX};
  static const uint64_t parts[] = {1, 2, 3, 8, 33, 1000};
  for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
    for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++) {
      for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        check_shares(items[i], grains[g], parts[p]);
      }
    }
  }
}

static void grains_divide_a_share_evenly(void **state) {
  (void)state;
  assert_true(range_grain(1000, 4, 100) == 125); /* 250 a worker: two of 125 */
  assert_true(range_grain(1000, 4, 300) == 250); /* never more than a share */
  assert_true(range_grain(1000, 4, 0) == 1);
  assert_true(range_grain(0, 4, 100) == 1);
  assert_true(range_grain(3, 8, 100) == 1);
  assert_true(range_grain(UINT64_MAX, 2, 1000) >= 1000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_cover_everything_once),
      cmocka_unit_test(grains_divide_a_share_evenly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
