/* Tables for people and as CSV. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/table.h"

static struct table make_table(void) {
  struct table table;
  table_init(&table);
  table_add_column(&table, "name", true);
  table_add_column(&table, "n", false);
  table_add_real_column(&table, "density");
  table_add_cell(&table, "a \"quoted\", one");
  table_add_cell(&table, "%d", 12345);
  table_add_cell(&table, "%s", "0.15999999999999998");
  table_add_cell(&table, "h\xc3\xa4lf");
  table_add_cell(&table, "7");
  table_add_cell(&table, "2");
  return table;
}

static void check_table(struct table *table, void (*print)(const struct table *, FILE *),
                        const char *expected) {
  char text[512] = "";
  FILE *out = fmemopen(text, sizeof text, "w");
  assert_non_null(out);
  print(table, out);
  fclose(out);
  assert_string_equal(text, expected);
}

static void check(void (*print)(const struct table *, FILE *), const char *expected) {
  struct table table = make_table();
  check_table(&table, print, expected);
  table_free(&table);
}

static void print_for_people(const struct table *table, FILE *out) {
  table_print(table, 2, out);
}

static void print_csv(const struct table *table, FILE *out) {
  table_print_csv(table, true, out);
}

static void people_see_aligned_columns(void **state) {
  (void)state;
  check(print_for_people, "  name                 n  density\n"
                          "  a \"quoted\", one  12345     0.16\n"
                          "  h\xc3\xa4lf                 7        2\n");
}

static void csv_is_quoted_and_exact(void **state) {
  (void)state;
  check(print_csv, "name,n,density\n"
                   "\"a \"\"quoted\"\", one\",12345,0.15999999999999998\n"
                   "h\xc3\xa4lf,7,2\n");
}

static void empty_cells_stay_empty(void **state) {
  (void)state;
  struct table table = make_table();
  static const char *const cells[] = {"left", "", "", "", "1", "", "", "", "0.5"};
  for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
    table_add_cell(&table, "%s", cells[i]);
  }
  check_table(&table, print_for_people,
              "  name                 n  density\n"
              "  a \"quoted\", one  12345     0.16\n"
              "  h\xc3\xa4lf                 7        2\n"
              "  left\n"
              "                       1\n"
              "                              0.5\n");
  table_free(&table);
}

static void a_second_table_follows(void **state) {
  (void)state;
  struct table table = make_table();
  struct table *next = table_add_table(&table);
  table_add_column(next, "second", false);
  table_add_cell(next, "%d", 5);
  check_table(&table, print_for_people,
              "  name                 n  density\n"
              "  a \"quoted\", one  12345     0.16\n"
              "  h\xc3\xa4lf                 7        2\n"
              "\n"
              "  second\n"
              "       5\n");
  check_table(&table, print_csv,
              "name,n,density\n"
              "\"a \"\"quoted\"\", one\",12345,0.15999999999999998\n"
              "h\xc3\xa4lf,7,2\n"
              "\n"
              "second\n"
              "5\n");
  table_free(&table);
}

static void cells_are_found_again(void **state) {
  (void)state;
  struct table table = make_table();
  assert_int_equal(table.rows, 2);
  assert_string_equal(table_cell(&table, 1, 1), "7");
  for (int i = 0; i < 3000; i++) {
    table_add_cell(&table, "%d", i);
  }
  assert_int_equal(table.rows, 1002);
  assert_string_equal(table_cell(&table, 1001, 2), "2999");
  table_free(&table);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(people_see_aligned_columns), cmocka_unit_test(csv_is_quoted_and_exact),
      cmocka_unit_test(empty_cells_stay_empty),     cmocka_unit_test(a_second_table_follows),
      cmocka_unit_test(cells_are_found_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
