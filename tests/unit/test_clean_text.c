/* Text from outside: what is no UTF-8, what is cut, what commands a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/clean_text.h"

static void json_is_always_utf8(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", ""},
      {"plain", "plain"},
      {"d\xc3\xa9j\xc3\xa0 \xe2\x82\xac \xf0\x9f\x98\x80",
       "d\xc3\xa9j\xc3\xa0 \xe2\x82\xac \xf0\x9f\x98\x80"},
      {"caf\xe9", "caf\xef\xbf\xbd"},
      {"\xe9t\xe9", "\xef\xbf\xbdt\xef\xbf\xbd"},
      {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong */
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* half of a surrogate pair */
      {"\x80 \xff", "\xef\xbf\xbd \xef\xbf\xbd"},
      {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"}, /* ends too soon */
      {"\xe2\x82x\xc3\xa9", "\xef\xbf\xbd\xef\xbf\xbdx\xc3\xa9"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    json_t *string = clean_json(cases[i][0]);
    assert_string_equal(json_string_value(string), cases[i][1]);
    json_decref(string);
  }
}

static void a_cut_text_ends_with_a_whole_character(void **state) {
  (void)state;
  static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
  static const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (size_t room = 0; room < sizeof whole / sizeof whole[0]; room++) {
    char cut[16];
    snprintf(cut, room + 1, "%s", text);
    assert_int_equal(strlen(clean_cut(cut)), whole[room]);
    assert_memory_equal(cut, text, whole[room]);
  }
}

static void nothing_commands_a_terminal(void **state) {
  (void)state;
  char text[] = "a\x1b[2J\r\nb\tc\x7f \xc3\xa9";
  assert_string_equal(clean_controls(text), "a [2J  b c  \xc3\xa9");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_is_always_utf8),
      cmocka_unit_test(a_cut_text_ends_with_a_whole_character),
      cmocka_unit_test(nothing_commands_a_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
