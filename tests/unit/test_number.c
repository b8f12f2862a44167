/* Numbers and lists of numbers as users write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/real_list.h"
#include "core/uint128.h"

static void counts_are_exact(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t value;
  } cases[] = {
      {"0", 0},
      {"1000000", 1000000},
      {"1_000_000", 1000000},
      {"1e6", 1000000},
      {"1E6", 1000000},
      {"1e+6", 1000000},
      {"1.5e3", 1500},
      {"1.50000000000000000000000000e1", 15},
      {"2.0", 2},
      {"100e-2", 1},
      {"0e99", 0},
      {"4k", 4000},
      {"4M", 4000000},
      {"4G", 4000000000},
      {"1.5k", 1500},
      {"2^20", 1048576},
      {"2^0", 1},
      {"0^0", 1},
      {"0^5", 0},
      {"1^999999999", 1},
      {"2^61-1", UINT64_C(2305843009213693951)},
      {"2^10+1", 1025},
      {"2^64-1", UINT64_MAX},
      {"18446744073709551615", UINT64_MAX},
      {"1.8446744073709551615e19", UINT64_MAX},
      {"00012", 12},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint64_t value = 42;
    print_message("%s\n", cases[i].text);
    assert_int_equal(number_parse_count(cases[i].text, &value), NUMBER_OK);
    assert_true(value == cases[i].value);
  }
}

static void wrong_counts_are_told_apart(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum number_result result;
  } cases[] = {
      {"", NUMBER_MALFORMED},
      {"1e6x", NUMBER_MALFORMED},
      {"-1", NUMBER_MALFORMED},
      {"+1", NUMBER_MALFORMED},
      {" 1", NUMBER_MALFORMED},
      {"1 ", NUMBER_MALFORMED},
      {"_1", NUMBER_MALFORMED},
      {"1_", NUMBER_MALFORMED},
      {"1__0", NUMBER_MALFORMED},
      {"0x10", NUMBER_MALFORMED},
      {"1e", NUMBER_MALFORMED},
      {"1.", NUMBER_MALFORMED},
      {".5", NUMBER_MALFORMED},
      {"nan", NUMBER_MALFORMED},
      {"inf", NUMBER_MALFORMED},
      {"4K", NUMBER_MALFORMED},
      {"4kk", NUMBER_MALFORMED},
      {"4k1", NUMBER_MALFORMED},
      {"2^", NUMBER_MALFORMED},
      {"2^-1", NUMBER_MALFORMED},
      {"2^3x", NUMBER_MALFORMED},
      {"2^3-", NUMBER_MALFORMED},
      {"2^3-9", NUMBER_MALFORMED},
      {"1,000", NUMBER_MALFORMED},
      {"1.5", NUMBER_FRACTION},
      {"1e-3", NUMBER_FRACTION},
      {"1.2345e3", NUMBER_FRACTION},
      {"0.5k1", NUMBER_MALFORMED},
      {"0.0005k", NUMBER_FRACTION},
      {"18446744073709551616", NUMBER_OVERFLOW},
      {"1e20", NUMBER_OVERFLOW},
      {"2e19", NUMBER_OVERFLOW},
      {"2^64", NUMBER_OVERFLOW},
      {"3^99999999999", NUMBER_OVERFLOW},
      {"99999999999999999999999", NUMBER_OVERFLOW},
      {"99999999999999999999999x", NUMBER_MALFORMED},
      {"1e99999999999999999999999", NUMBER_OVERFLOW},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint64_t value = 42;
    print_message("'%s'\n", cases[i].text);
    assert_int_equal(number_parse_count(cases[i].text, &value), cases[i].result);
    assert_int_equal(value, 42);
  }
}

static void reals_are_strict(void **state) {
  (void)state;
  double value = 42;
  assert_int_equal(number_parse_real("-1.5e-3", &value), NUMBER_OK);
  assert_true(value == -1.5e-3);
  static const char *const wrong[] = {"",   "nan", "inf", "-inf", "0x1p3", " 1",
                                      "1 ", "1x",  "e5",  "--1",  "1e",    "."};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(number_parse_real(wrong[i], &value), NUMBER_MALFORMED);
  }
  assert_int_equal(number_parse_real("1e999", &value), NUMBER_OVERFLOW);
}

static void times_need_a_unit(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double seconds;
  } cases[] = {
      {"10us", 10e-6},   {"5ms", 5e-3},  {"2s", 2},       {"1min", 60},    {"100ns", 100e-9},
      {"1.5ms", 1.5e-3}, {"0.5min", 30}, {"0s", 0},       {"0.0ns", 0},    {"1e-3s", 1e-3},
      {"1E+3us", 1e-3},  {"3us", 3e-6},  {"007ms", 7e-3}, {"90min", 5400}, {"1e300s", 1e300},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    double seconds = 42;
    print_message("%s\n", cases[i].text);
    assert_int_equal(number_parse_time(cases[i].text, &seconds), NUMBER_OK);
    assert_true(seconds == cases[i].seconds);
  }
  static const char *const wrong[] = {
      "",     "-1ms", "+1ms", "-0s",   " 1ms",  "1 ms",  "1ms ",   "ms",
      "s",    "1.s",  ".5s",  "1es",   "1e-s",  "1e.5s", "1_0ms",  "0x1s",
      "nans", "infs", "1MS",  "1Ms",   "1m",    "1h",    "1sec",   "1mins",
      "1mss", "1us1", "1,5s", "1..5s", "1ms2s", "1ms:",  "1min1s", "1\xc2\xb5s",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    double seconds = 42;
    print_message("'%s'\n", wrong[i]);
    assert_int_equal(number_parse_time(wrong[i], &seconds), NUMBER_MALFORMED);
    assert_true(seconds == 42);
  }
  static const char *const unitless[] = {"1", "0", "1.5", "1e3"};
  for (size_t i = 0; i < sizeof unitless / sizeof unitless[0]; i++) {
    double seconds = 42;
    char example[NUMBER_TEXT];
    assert_int_equal(number_parse_time(unitless[i], &seconds), NUMBER_UNITLESS);
    assert_true(seconds == 42);
    number_time_example(unitless[i], NUMBER_UNITLESS, example);
    assert_int_equal(number_parse_time(example, &seconds), NUMBER_OK);
    assert_true(seconds == strtod(unitless[i], NULL));
  }
  double seconds = 42;
  assert_int_equal(number_parse_time("1e999s", &seconds), NUMBER_OVERFLOW);
  assert_int_equal(number_parse_time("1e308min", &seconds), NUMBER_OVERFLOW);
  assert_true(seconds == 42);
}

static void examples_of_times_are_times(void **state) {
  (void)state;
  static const char *const wrong[] = {"", "soon", "8 s", "8h",
                                      "123456789012345678901234567890123456789"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    double seconds = 42;
    char example[NUMBER_TEXT];
    enum number_result result = number_parse_time(wrong[i], &seconds);
    assert_int_equal(number_parse_time(number_time_example(wrong[i], result, example), &seconds),
                     NUMBER_OK);
  }
}

static void sizes_are_exact(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t bytes;
  } cases[] = {
      {"0", 0},
      {"4096", 4096},
      {"1e6", 1000000},
      {"2^20", 1048576},
      {"4k", 4000},
      {"0B", 0},
      {"7B", 7},
      {"64KiB", 65536},
      {"1.5KiB", 1536},
      {"0.5KiB", 512},
      {"1.5MiB", 1572864},
      {"2GiB", UINT64_C(2147483648)},
      {"1TiB", UINT64_C(1099511627776)},
      {"1kB", 1000},
      {"0.001kB", 1},
      {"1GB", 1000000000},
      {"0.3GB", 300000000},
      {"3TB", UINT64_C(3000000000000)},
      {"18446744073709551615B", UINT64_MAX},
      {"16777215.999023437500000TiB", UINT64_C(18446744072635809792)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint64_t bytes = 42;
    print_message("%s\n", cases[i].text);
    assert_int_equal(number_parse_size(cases[i].text, &bytes), NUMBER_OK);
    assert_true(bytes == cases[i].bytes);
  }
  static const struct {
    const char *text;
    enum number_result result;
  } wrong[] = {
      {"", NUMBER_MALFORMED},
      {"B", NUMBER_MALFORMED},
      {"KiB", NUMBER_MALFORMED},
      {"-1KiB", NUMBER_MALFORMED},
      {"1 KiB", NUMBER_MALFORMED},
      {"1KIB", NUMBER_MALFORMED},
      {"1Kib", NUMBER_MALFORMED},
      {"1kb", NUMBER_MALFORMED},
      {"1KB", NUMBER_MALFORMED},
      {"1e3KiB", NUMBER_MALFORMED},
      {".5KiB", NUMBER_MALFORMED},
      {"5.KiB", NUMBER_MALFORMED},
      {"1KiBs", NUMBER_MALFORMED},
      {"0x10B", NUMBER_MALFORMED},
      {"64ms", NUMBER_MALFORMED},
      {"1.5", NUMBER_FRACTION},
      {"1.5B", NUMBER_FRACTION},
      {"0.1KiB", NUMBER_FRACTION},
      {"1.0001kB", NUMBER_FRACTION},
      {"18446744073709551616B", NUMBER_OVERFLOW},
      {"16777216TiB", NUMBER_OVERFLOW},
      {"2^64", NUMBER_OVERFLOW},
      {"99999999999999999999999999999999999999999999TiB", NUMBER_OVERFLOW},
      {"0.00000000000000000000000000000000001TB", NUMBER_FRACTION},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    uint64_t bytes = 42;
    print_message("'%s'\n", wrong[i].text);
    assert_int_equal(number_parse_size(wrong[i].text, &bytes), wrong[i].result);
    assert_true(bytes == 42);
  }
}

static void numbers_are_shown_for_people(void **state) {
  (void)state;
  char text[NUMBER_TEXT];
  assert_string_equal(number_real_text(0.1, text), "0.1");
  assert_string_equal(number_real_text(0.1 + 0.2, text), "0.30000000000000004");
  assert_string_equal(number_rate_text(2.274e9, text), "2.27 G");
  assert_string_equal(number_rate_text(999.6, text), "1 k");
  assert_string_equal(number_rate_text(12, text), "12");
  assert_string_equal(number_time_text(2.274, text), "2.27 s");
  assert_string_equal(number_time_text(0.0112, text), "11.2 ms");
  assert_string_equal(number_time_text(11.2e-6, text), "11.2 us");
  assert_string_equal(number_time_text(0.9996e-6, text), "1 us");
  assert_string_equal(number_time_text(0.275e-6, text), "275 ns");
  assert_string_equal(number_time_text(0, text), "0 us");
  assert_string_equal(number_time_text(12345, text), "12345 s");
}

static void wide_integers_are_shown(void **state) {
  (void)state;
  char text[UINT128_TEXT];
  assert_string_equal(uint128_text(0, text), "0");
  assert_string_equal(uint128_text(541369942707, text), "541369942707");
  assert_string_equal(uint128_text(~(uint128_t)0, text), "340282366920938463463374607431768211455");
}

static struct real_list parse(const char *text) {
  struct real_list list;
  struct fault fault = {.text = ""};
  print_message("%s\n", text);
  assert_int_equal(real_list_parse(text, &list, &fault), STATUS_OK);
  return list;
}

static void lists_are_computed_in_decimal(void **state) {
  (void)state;
  struct real_list list = parse("0.1:1.2:0.1");
  static const double expected[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2};
  assert_int_equal(list.count, 12);
  assert_memory_equal(list.values, expected, sizeof expected);
  real_list_free(&list);

  list = parse("0:1:0.3"); /* the end is not reached */
  assert_int_equal(list.count, 4);
  assert_true(list.values[3] == 0.9);
  real_list_free(&list);

  list = parse("-1e-3:1e-3:0.001");
  assert_int_equal(list.count, 3);
  assert_true(list.values[0] == -0.001 && list.values[1] == 0 && list.values[2] == 0.001);
  real_list_free(&list);

  list = parse("1.0:1.2:n100"); /* both ends, and the exact fraction rounded once */
  assert_int_equal(list.count, 100);
  assert_true(list.values[0] == 1.0 && list.values[99] == 1.2);
  assert_true(list.values[33] == 1.0 + 0.2 / 3);
  assert_true(list.values[1] == (double)(1 + 0.2L / 99));
  real_list_free(&list);

  list = parse("5:5:n1");
  assert_int_equal(list.count, 1);
  real_list_free(&list);

  list = parse("3,-1.5,2e2");
  assert_int_equal(list.count, 3);
  assert_true(list.values[0] == 3 && list.values[1] == -1.5 && list.values[2] == 200);
  real_list_free(&list);
}

static void wrong_lists_are_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "",        ",",      "1,",        "1,,2",     "a",       "1:2:",  "1:2:0",   "1:2:-1",
      "2:1:0.1", "1:2:n0", "1:2:n1",    "1:2:nx",   "1:2:3:4", "1:x:1", "0:1:nan", "0:1e9:1",
      "0:inf:1", "1,inf",  "1:2:1e-30", "0:1:n1e7", "1 ,2",    "1:2",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct real_list list;
    struct fault fault = {.text = ""};
    print_message("'%s'\n", wrong[i]);
    assert_int_equal(real_list_parse(wrong[i], &list, &fault), STATUS_USAGE);
    assert_true(strlen(fault.text) > 0);
    assert_null(list.values);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_are_exact),
      cmocka_unit_test(wrong_counts_are_told_apart),
      cmocka_unit_test(reals_are_strict),
      cmocka_unit_test(times_need_a_unit),
      cmocka_unit_test(examples_of_times_are_times),
      cmocka_unit_test(sizes_are_exact),
      cmocka_unit_test(numbers_are_shown_for_people),
      cmocka_unit_test(wide_integers_are_shown),
      cmocka_unit_test(lists_are_computed_in_decimal),
      cmocka_unit_test(wrong_lists_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
