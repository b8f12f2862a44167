/* A limit that is kept elsewhere: what is news to its keeper, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flags/kept_limit.h"

static void what_is_found_is_news_until_told(void **state) {
  (void)state;
  struct kept_limit limit = KEPT_LIMIT_UNTOUCHED;
  assert_false(kept_limit_is_news(&limit));
  kept_limit_learn(&limit, 7);
  assert_true(kept_limit_is_news(&limit));
  assert_int_equal(kept_limit_tell(&limit), 7);
  assert_false(kept_limit_is_news(&limit));
  kept_limit_learn(&limit, 9); /* it never rises */
  assert_false(kept_limit_is_news(&limit));
  kept_limit_learn(&limit, 5);
  assert_true(kept_limit_is_news(&limit));
  assert_int_equal(kept_limit_tell(&limit), 5);
}

static void what_the_keeper_says_is_no_news_to_it(void **state) {
  (void)state;
  struct kept_limit limit = KEPT_LIMIT_UNTOUCHED;
  kept_limit_hear(&limit, 6);
  assert_false(kept_limit_is_news(&limit));
  assert_int_equal(limit.lowest, 6);
  kept_limit_learn(&limit, 4);
  kept_limit_hear(&limit, 5); /* it has not heard of 4 */
  assert_true(kept_limit_is_news(&limit));
  assert_int_equal(limit.lowest, 4);
  kept_limit_tell(&limit);
  kept_limit_hear(&limit, 5); /* what it had before it heard of 4 */
  assert_false(kept_limit_is_news(&limit));
  kept_limit_hear(&limit, 3);
  assert_false(kept_limit_is_news(&limit));
  assert_int_equal(limit.lowest, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_found_is_news_until_told),
      cmocka_unit_test(what_the_keeper_says_is_no_news_to_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
