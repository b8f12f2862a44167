/* What a host says of itself, read from pretended folders, and what is made of several hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "app/hosts.h"
#include "core/machine.h"

#define CPUS "/sys/devices/system/cpu"

static char root[64];

static int make_root(void **state) {
  (void)state;
  snprintf(root, sizeof root, "/tmp/parbench-machine-XXXXXX");
  return mkdtemp(root) == NULL;
}

static int remove_root(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", root);
  return system(command); /* NOLINT(cert-env33-c) */
}

static void put(const char *path, const char *content) {
  char command[1024];
  snprintf(command, sizeof command, "mkdir -p $(dirname %s%s) && printf '%s' > %s%s", root, path,
           content, root, path);
  assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

static void a_host_that_says_nothing(void **state) {
  (void)state;
  struct machine machine;
  struct utsname system;
  char kernel[MACHINE_TEXT];
  machine_read(root, &machine);
  assert_string_equal(machine.governor, "");
  assert_int_equal(machine.smt, SMT_UNKNOWN);
  assert_int_equal(machine.memory, 0);
  uname(&system);
  snprintf(kernel, sizeof kernel, "%.64s %.64s", system.sysname, system.release);
  assert_string_equal(machine.kernel, kernel);
}

static void a_host_that_says_all(void **state) {
  (void)state;
  struct machine machine;
  put(CPUS "/smt/active", "1\\n");
  put(CPUS "/cpu0/cpufreq/scaling_governor", "powersave\\n");
  put(CPUS "/cpu3/cpufreq/scaling_governor", "performance\\n");
  put("/proc/meminfo", "MemFree: 7 kB\\nMemTotal:       24682416 kB\\nMemTotal: 9 kB\\n");
  machine_read(root, &machine);
  assert_string_equal(machine.governor, "powersave");
  assert_int_equal(machine.smt, SMT_ON);
  assert_int_equal(machine.memory, UINT64_C(24682416) * 1024);
  char governor[MACHINE_TEXT];
  machine_governor(root, 3, governor, sizeof governor);
  assert_string_equal(governor, "performance");
  machine_governor(root, 1, governor, sizeof governor);
  assert_string_equal(governor, "");
}

static void odd_files(void **state) {
  (void)state;
  struct machine machine;
  put(CPUS "/smt/active", "0\\n");
  put(CPUS "/cpu0/cpufreq/scaling_governor", "");
  put("/proc/meminfo", "MemTotal: plenty\\n");
  machine_read(root, &machine);
  assert_string_equal(machine.governor, "");
  assert_int_equal(machine.smt, SMT_OFF);
  assert_int_equal(machine.memory, 0);
  put(CPUS "/smt/active", "on\\n");
  machine_read(root, &machine);
  assert_int_equal(machine.smt, SMT_UNKNOWN);
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
