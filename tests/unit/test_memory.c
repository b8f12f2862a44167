/* What memory there is, before much of it is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "core/memory.h"

static void no_more_than_the_machine_has(void **state) {
  (void)state;
  long page = sysconf(_SC_PAGESIZE);
  uint64_t whole = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)page;
  uint64_t available = memory_available();
  print_message("%.2f GiB of %.2f GiB\n", (double)available / 0x1p30, (double)whole / 0x1p30);
  assert_true(available > 1 << 20 && available < whole);
}

static void too_much_is_refused(void **state) {
  (void)state;
  struct fault fault = {.text = ""};
  assert_int_equal(memory_check(0, "nothing", &fault), STATUS_OK);
  assert_int_equal(memory_check(4096, "a page", &fault), STATUS_OK);
  assert_int_equal(memory_check((uint64_t)1 << 60, "the moon", &fault), STATUS_FAILED);
  print_message("%s\n", fault.text);
  assert_non_null(strstr(fault.text, "the moon would take 1073741824.00 GiB"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_more_than_the_machine_has),
      cmocka_unit_test(too_much_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
