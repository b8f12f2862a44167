/* Files that are whole or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "core/output_file.h"
#include "unit/temporary_folder.h"

static void write_words(void *data, FILE *stream) {
  fputs(data, stream);
}

static void replaces_only_when_written(void **state) {
  (void)state;
  struct output_file file;
  struct fault fault;
  write_file(in_folder("result"), "old", 3);
  assert_int_equal(output_file_open(&file, "--output", in_folder("result"), &fault), STATUS_OK);
  assert_string_equal(read_file(in_folder("result")), "old");
  assert_int_equal(count_files(), 1); /* looking left nothing behind */
  char first[] = "first case\n";
  char second[] = "two\n";
  assert_int_equal(output_file_replace(&file, write_words, first, &fault), STATUS_OK);
  assert_string_equal(read_file(in_folder("result")), first);
  assert_int_equal(output_file_replace(&file, write_words, second, &fault), STATUS_OK);
  assert_string_equal(read_file(in_folder("result")), second);
  assert_int_equal(count_files(), 1);
  output_file_close(&file);
}

static void follows_links(void **state) {
  (void)state;
  struct output_file file;
  struct fault fault;
  struct stat info;
  write_file(in_folder("target"), "old", 3);
  assert_int_equal(symlink(in_folder("target"), in_folder("link")), 0);
  assert_int_equal(output_file_open(&file, "--output", in_folder("link"), &fault), STATUS_OK);
  char words[] = "new";
  assert_int_equal(output_file_replace(&file, write_words, words, &fault), STATUS_OK);
  assert_string_equal(read_file(in_folder("target")), "new");
  assert_int_equal(lstat(in_folder("link"), &info), 0);
  assert_true(S_ISLNK(info.st_mode));
  output_file_close(&file);
}

static void devices_stay_devices(void **state) {
  (void)state;
  struct output_file file;
  struct fault fault;
  struct stat info;
  char words[] = "gone";
  assert_int_equal(output_file_open(&file, "--output", "/dev/null", &fault), STATUS_OK);
  assert_int_equal(output_file_replace(&file, write_words, words, &fault), STATUS_OK);
  assert_int_equal(stat("/dev/null", &info), 0);
  assert_true(S_ISCHR(info.st_mode));
  output_file_close(&file);
  assert_int_equal(output_file_open(&file, "--output", "/dev/full", &fault), STATUS_OK);
  assert_int_equal(output_file_replace(&file, write_words, words, &fault), STATUS_FAILED);
  output_file_close(&file);
}

static void refuses_what_cannot_be_written(void **state) {
  (void)state;
  static const char *const wrong[] = {"", "missing/result", "result/", "."};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct output_file file;
    struct fault fault = {.text = ""};
    const char *path = *wrong[i] == '\0' ? "" : in_folder(wrong[i]);
    assert_int_equal(output_file_open(&file, "--json", path, &fault), STATUS_USAGE);
    print_message("%s\n", fault.text);
    assert_non_null(strstr(fault.text, "--json: '"));
    assert_non_null(strstr(fault.text, "cannot be written"));
    assert_null(file.path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(replaces_only_when_written, make_temporary_folder,
                                      remove_temporary_folder),
      cmocka_unit_test_setup_teardown(follows_links, make_temporary_folder,
                                      remove_temporary_folder),
      cmocka_unit_test(devices_stay_devices),
      cmocka_unit_test_setup_teardown(refuses_what_cannot_be_written, make_temporary_folder,
                                      remove_temporary_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
