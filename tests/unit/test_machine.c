/* What a host says of itself, read from pretended folders, and what is made of several hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "app/hosts.h"
#include "core/machine.h"
#include "unit/pretended_root.h"

#define CPUS "/sys/devices/system/cpu"

static struct machine check_machine(const char *governor, enum smt smt, uint64_t memory) {
  struct machine machine;
  machine_read(root, &machine);
  assert_string_equal(machine.governor, governor);
  assert_int_equal(machine.smt, smt);
  assert_int_equal(machine.memory, memory);
  return machine;
}

static void a_host_that_says_nothing(void **state) {
  (void)state;
  struct utsname system;
  char kernel[MACHINE_TEXT];
  struct machine machine = check_machine("", SMT_UNKNOWN, 0);
  uname(&system);
  snprintf(kernel, sizeof kernel, "%.64s %.64s", system.sysname, system.release);
  assert_string_equal(machine.kernel, kernel);
}

static void a_host_that_says_all(void **state) {
  (void)state;
  put(CPUS "/smt/active", "1\n");
  put(CPUS "/cpu0/cpufreq/scaling_governor", "powersave\n");
  put(CPUS "/cpu3/cpufreq/scaling_governor", "performance\n");
  put("/proc/meminfo", "MemFree: 7 kB\nMemTotal:       24682416 kB\nMemTotal: 9 kB\n");
  check_machine("powersave", SMT_ON, UINT64_C(24682416) * 1024);
  char governor[MACHINE_TEXT];
  machine_governor(root, 3, governor, sizeof governor);
  assert_string_equal(governor, "performance");
  machine_governor(root, 1, governor, sizeof governor);
  assert_string_equal(governor, "");
}

static void odd_files(void **state) {
  (void)state;
  put(CPUS "/smt/active", "0\n");
  put(CPUS "/cpu0/cpufreq/scaling_governor", "");
  put("/proc/meminfo", "MemTotal: plenty\n");
  check_machine("", SMT_OFF, 0);
  put(CPUS "/smt/active", "on\n");
  check_machine("", SMT_UNKNOWN, 0);
}

static struct host_facts host(const char *cpu, const char *governor, enum smt smt) {
  struct host_facts facts = {.isa = "v3", .machine = {.kernel = "Linux 6", .smt = smt}};
  snprintf(facts.cpu, sizeof facts.cpu, "%s", cpu);
  snprintf(facts.machine.governor, sizeof facts.machine.governor, "%s", governor);
  return facts;
}

static void check_json(json_t *value, const char *expected) {
  json_t *wanted = json_loads(expected, JSON_DECODE_ANY, NULL);
  assert_true(json_equal(value, wanted));
  json_decref(wanted);
  json_decref(value);
}

static void a_host_as_results_have_it(void **state) {
  (void)state;
  struct host_facts silent = host("A", "", SMT_UNKNOWN);
  struct host_facts open = host("A", "performance", SMT_ON);
  check_json(host_record(&silent), "{\"cpu\": \"A\", \"isa\": \"v3\", \"kernel\": \"Linux 6\","
                                   " \"governor\": null, \"smt\": null}");
  check_json(host_record(&open), "{\"cpu\": \"A\", \"isa\": \"v3\", \"kernel\": \"Linux 6\","
                                 " \"governor\": \"performance\", \"smt\": \"on\"}");
}

static void hosts_that_differ_are_told(void **state) {
  (void)state;
  struct host_facts same[3];
  for (unsigned i = 0; i < 3; i++) {
    same[i] = host("A", "powersave", SMT_OFF);
    same[i].machine.memory = 1000 + (uint64_t)i; /* never quite the same, and no difference */
  }
  assert_null(hosts_mixed(same, 1));
  assert_null(hosts_mixed(same, 3));
  struct host_facts mixed[] = {host("A", "powersave", SMT_OFF), host("B", "", SMT_OFF),
                               host("A", "powersave", SMT_OFF), host("C", "", SMT_OFF)};
  check_json(hosts_mixed(mixed, 4),
             "{\"cpu\": [\"A\", \"B\", \"C\"], \"governor\": [\"powersave\", null]}");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_host_that_says_nothing, make_root, remove_root),
      cmocka_unit_test_setup_teardown(a_host_that_says_all, make_root, remove_root),
      cmocka_unit_test_setup_teardown(odd_files, make_root, remove_root),
      cmocka_unit_test(a_host_as_results_have_it),
      cmocka_unit_test(hosts_that_differ_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
