#define _GNU_SOURCE /* MAP_ANONYMOUS */
/* What memory there is, before much of it is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/mman.h>
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

/* Pages count once they are written. */
static void what_is_taken_counts(void **state) {
  (void)state;
  const size_t size = (size_t)64 << 20;
  uint64_t before = memory_proportional();
  /* Not malloc, which may keep what is freed. */
  void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(block != MAP_FAILED);
  uint64_t reserved = memory_proportional();
  memset(block, 1, size);
  uint64_t written = memory_proportional();
  munmap(block, size);
  if (before == 0) {
    skip(); /* this kernel does not say */
  }
  assert_true(reserved - before < size / 8);
  assert_true(written - reserved > size - size / 64 && written - reserved < size + size / 8);
  assert_true(memory_proportional() < before + size / 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_more_than_the_machine_has),
      cmocka_unit_test(too_much_is_refused),
      cmocka_unit_test(what_is_taken_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
