/* Reading CSV: what is right is read exactly, what is wrong is named with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/csv_reader.h"
#include "unit/temporary_folder.h"

static enum status read_text(const char *text, size_t length, struct matrix *matrix,
                             struct fault *fault) {
  const char *path = in_folder("data.csv");
  write_file(path, text, length);
  return csv_read(path, matrix, fault);
}

static void right_files_are_read(void **state) {
  (void)state;
  static const char *const texts[] = {
      "1,2.5\n-3e2,4\n",
      "1,2.5\n-3e2,4",       /* no newline at the end */
      "1,2.5\r\n-3e2,4\r\n", /* from another system */
      ("\xef\xbb\xbf"
       "1,2.5\n-3e2,4\n"),        /* from a spreadsheet */
      " 1 ,\t2.5\n-3e2 , 4 \n\n", /* blanks, and an empty last line */
  };
  static const double expected[] = {1, 2.5, -300, 4};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    struct matrix matrix;
    struct fault fault = {.text = ""};
    assert_int_equal(read_text(texts[i], strlen(texts[i]), &matrix, &fault), STATUS_OK);
    assert_int_equal(matrix.rows, 2);
    assert_int_equal(matrix.columns, 2);
    assert_memory_equal(matrix.values, expected, sizeof expected);
    matrix_free(&matrix);
  }
}

static void long_files_are_read(void **state) {
  (void)state;
  FILE *file = fopen(in_folder("data.csv"), "w");
  for (int i = 0; i < 5000; i++) {
    fprintf(file, "%d,%d,%d\n", i, 2 * i, 3 * i);
  }
  fclose(file);
  struct matrix matrix;
  struct fault fault;
  assert_int_equal(csv_read(in_folder("data.csv"), &matrix, &fault), STATUS_OK);
  assert_int_equal(matrix.rows, 5000);
  assert_true(matrix.values[3 * 4999 + 2] == 3 * 4999);
  matrix_free(&matrix);
}

static void wrong_files_are_named_with_the_line(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t length;
    const char *says;
  } cases[] = {
      {"", 0, "the file is empty"},
      {"\n\n", 2, "the file is empty"},
      {"1,2\n3\n", 6, "line 2 has 1 field, line 1 has 2"},
      {"1,2\n3,4,5\n", 10, "line 2 has 3 fields"},
      {"1,2\n3,\n", 7, "line 2, field 2: '' is missing"},
      {",2\n", 3, "line 1, field 1: '' is missing"},
      {"x,y\n1,2\n", 8, "line 1, field 1: 'x' is not a number"},
      {"x,y\n1,2\n", 8, "without a heading line"},
      {"1,2\n3,abc\n", 10, "line 2, field 2: 'abc'"},
      {"1,nan\n", 6, "'nan' is not a number"},
      {"1,2\n1,-inf\n", 11, "line 2, field 2: '-inf'"},
      {"1e999,2\n", 8, "'1e999' is too large"},
      {"1;2\n", 4, "'1;2'"},
      {"1,2\n\n3,4\n", 9, "line 2 is empty"},
      {"1,\0002\n", 5, "line 1 holds binary data"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct matrix matrix;
    struct fault fault = {.text = ""};
    assert_int_equal(read_text(cases[i].text, cases[i].length, &matrix, &fault), STATUS_USAGE);
    print_message("%s\n", fault.text);
    assert_non_null(strstr(fault.text, cases[i].says));
    assert_non_null(strstr(fault.text, "data.csv"));
    assert_null(matrix.values);
  }
}

static void unreadable_files_are_refused(void **state) {
  (void)state;
  struct matrix matrix;
  struct fault fault;
  assert_int_equal(csv_read(in_folder("missing.csv"), &matrix, &fault), STATUS_USAGE);
  assert_non_null(strstr(fault.text, "No such file"));
  assert_int_equal(csv_read(temporary_folder, &matrix, &fault), STATUS_USAGE);
  assert_non_null(strstr(fault.text, "directory"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(right_files_are_read),
      cmocka_unit_test(long_files_are_read),
      cmocka_unit_test(wrong_files_are_named_with_the_line),
      cmocka_unit_test(unreadable_files_are_refused),
  };
  return cmocka_run_group_tests(tests, make_temporary_folder, remove_temporary_folder);
}
