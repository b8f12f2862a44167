#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/number.h"

static void assert_reads(const char *text, const char *expected) {
  uint128_t value = 0;
  char got[UINT128_TEXT];
  assert_int_equal(number_parse_count128(text, &value), NUMBER_OK);
  assert_string_equal(uint128_text(value, got), expected);
  /* The 64-bit parser agrees, or says that it is too large. */
  uint64_t narrow = 0;
  enum number_result result = number_parse_count(text, &narrow);
  assert_int_equal(result, value >> 64 == 0 ? NUMBER_OK : NUMBER_OVERFLOW);
  assert_int_equal(narrow, value >> 64 == 0 ? (uint64_t)value : 0);
}

static void assert_refuses(const char *text, enum number_result expected) {
  uint128_t value = 0;
  uint64_t narrow = 0;
  if (number_parse_count128(text, &value) != expected) {
    fail_msg("'%s' is not refused as it should be", text);
  }
  if (number_parse_count(text, &narrow) != expected) {
    fail_msg("'%s' is not refused by the 64-bit parser as it should be", text);
  }
}

static void reads(void **state) {
  (void)state;
  assert_reads("0", "0");
  assert_reads("1_000_000", "1000000");
  assert_reads("1.5e3", "1500");
  assert_reads("4G", "4000000000");
  assert_reads("2^0", "1");
  assert_reads("0^0", "1");
  assert_reads("0^5", "0");
  assert_reads("1^99999999999999999999", "1");
  assert_reads("2^64-1", "18446744073709551615");
  assert_reads("2^64", "18446744073709551616");
  assert_reads("2^127-1", "170141183460469231731687303715884105727");
  assert_reads("2^128-1", "340282366920938463463374607431768211455");
  assert_reads("2^128-340282366920938463463374607431768211455", "1");
  assert_reads("16^32-159", "340282366920938463463374607431768211297");
  assert_reads("18446744073709551616^2-1", "340282366920938463463374607431768211455");
  assert_reads("10^20+1", "100000000000000000001");
  assert_reads("1e38", "100000000000000000000000000000000000000");
  assert_reads("340282366920938463463374607431768211455",
               "340282366920938463463374607431768211455");
  assert_reads("3.4e38", "340000000000000000000000000000000000000");
  assert_reads("1.50000000000000000000000000000000000000000000e1", "15");
}

static void refuses(void **state) {
  (void)state;
  assert_refuses("", NUMBER_MALFORMED);
  assert_refuses("-1", NUMBER_MALFORMED);
  assert_refuses("1e6x", NUMBER_MALFORMED);
  assert_refuses("1__0", NUMBER_MALFORMED);
  assert_refuses("2^3-9", NUMBER_MALFORMED);
  assert_refuses("2^", NUMBER_MALFORMED);
  assert_refuses("2^128-", NUMBER_MALFORMED);
  assert_refuses("2^128-1x", NUMBER_MALFORMED);
  assert_refuses("1.5", NUMBER_FRACTION);
  assert_refuses("1e-3", NUMBER_FRACTION);
  assert_refuses("2^128", NUMBER_OVERFLOW);
  assert_refuses("2^128-0", NUMBER_OVERFLOW);
  assert_refuses("2^128+1", NUMBER_OVERFLOW);
  assert_refuses("2^129-1", NUMBER_OVERFLOW);
  assert_refuses("2^256-1", NUMBER_OVERFLOW);
  assert_refuses("3^81", NUMBER_OVERFLOW);
  assert_refuses("1267650600228229401496703205376^2", NUMBER_OVERFLOW); /* (2^100)^2 */
  assert_refuses("1267650600228229401496703205376^2-1", NUMBER_OVERFLOW);
  assert_refuses("2^127+170141183460469231731687303715884105728", NUMBER_OVERFLOW);
  assert_refuses("340282366920938463463374607431768211456", NUMBER_OVERFLOW);
  assert_refuses("1e39", NUMBER_OVERFLOW);
  assert_refuses("340282366920938463463374607431768211456x", NUMBER_MALFORMED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads),
      cmocka_unit_test(refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
