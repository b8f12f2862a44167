/* Launches with one thing wrong each, and a sound one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "probes/diagnosis.h"

enum { RANKS = 8, HOSTS = 2, ON_HOST = RANKS / HOSTS };

static struct census_entry entries[RANKS];
static struct finding findings[DIAGNOSIS_MOST];
static size_t count;

/* Two hosts of four cores with a rank on each. */
static int make_sound_launch(void **state) {
  (void)state;
  for (int rank = 0; rank < RANKS; rank++) {
    struct census_entry *entry = &entries[rank];
    *entry = (struct census_entry){.node = rank / ON_HOST,
                                   .pid = 1000 + rank,
                                   .parent = 999,
                                   .cores = 1,
                                   .cpus = 2,
                                   .node_cores = ON_HOST,
                                   .cpu = rank % ON_HOST,
                                   .processors = INFINITY,
                                   .memory = UINT64_C(64) << 30,
                                   .shared_memory = UINT64_C(32) << 30,
                                   .wall_clock = 1e9 + 0.001 * rank,
                                   .work_seconds = 0.01 + 1e-5 * rank,
                                   .share = 0.99};
    snprintf(entry->host, sizeof entry->host, "node%d", entry->node + 1);
    snprintf(entry->cpu_list, sizeof entry->cpu_list, "%d,%d", rank % ON_HOST, rank % ON_HOST + 4);
  }
  return 0;
}

static void diagnose(void) {
  count = diagnosis_make(entries, RANKS, findings);
  for (size_t i = 0; i < count; i++) {
    print_message("%s\n  -> %s\n", findings[i].problem, findings[i].remedy);
    assert_true(findings[i].remedy[0] != '\0');
  }
}

/* One finding, that says so and names the remedy. */
static void assert_only(const char *problem, const char *remedy) {
  diagnose();
  assert_int_equal(count, 1);
  assert_non_null(strstr(findings[0].problem, problem));
  assert_non_null(strstr(findings[0].remedy, remedy));
}

static void nothing_is_wrong_with_a_sound_launch(void **state) {
  (void)state;
  diagnose();
  assert_int_equal(count, 0);
}

static void more_ranks_than_cores(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].node_cores = 2;
  }
  assert_only("node1: 4 ranks share 2 cores", "mpirun -np");
}

static void two_ranks_on_one_core(void **state) {
  (void)state;
  memcpy(entries[6].cpu_list, entries[5].cpu_list, sizeof entries[6].cpu_list);
  assert_only("node2: ranks 5 and 6 are bound to the same core, hardware threads 1,5",
              "--map-by core --bind-to core");
}

static void somebody_else_on_a_core(void **state) {
  (void)state;
  entries[3].share = 0.5;
  assert_only("node1: rank 3 had its core for only 50 %", "--exclusive");
}

static void less_time_than_cores(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].processors = 0.5;
  }
  assert_only("node2: control groups allow 0.5 processors' time on 1 cores", "--cpus-per-task");
}

static void a_slow_core_and_a_slow_node(void **state) {
  (void)state;
  entries[2].work_seconds = 0.02;
  assert_only("node1: 1 of 4 ranks are slow; rank 2, on hardware thread 2, takes 1.99 times",
              "governor");
  make_sound_launch(NULL);
  for (int rank = 0; rank < ON_HOST - 1;
       rank++) { /* three of eight: the median is that of the rest */
    entries[rank].work_seconds = 0.014;
  }
  entries[3].node = 2; /* alone on a third host */
  snprintf(entries[3].host, sizeof entries[3].host, "node3");
  assert_only("node1 is slow", "--exclude");
}

static void too_little_memory(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].shared_memory = UINT64_C(60) << 20;
  }
  assert_only("node1: /dev/shm has only 60 MiB free", "--shm-size");
  make_sound_launch(NULL);
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].memory = UINT64_C(200) << 20;
  }
  assert_only("node2: only 200 MiB of memory are free for 4 ranks", "--mem");
}

static void a_container_that_forbids_copies(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].copy_error = EPERM;
  }
  assert_only("node1: ranks may not read one another's memory", "SYS_PTRACE");
}

static void clocks_apart(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].wall_clock -= 1000;
  }
  assert_only("node2: the time of day is 1000.0 s behind that of node1", "set-ntp");
}

static void everything_at_once_fits(void **state) {
  (void)state;
  for (int rank = 0; rank < RANKS; rank++) {
    entries[rank].node = rank; /* a host each */
    entries[rank].node_cores = 0;
    entries[rank].processors = 0.1;
    entries[rank].shared_memory = 1;
    entries[rank].memory = 1;
    entries[rank].wall_clock = 100.0 * rank;
  }
  diagnose();
  assert_int_equal(count, DIAGNOSIS_MOST);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(nothing_is_wrong_with_a_sound_launch, make_sound_launch),
      cmocka_unit_test_setup(more_ranks_than_cores, make_sound_launch),
      cmocka_unit_test_setup(two_ranks_on_one_core, make_sound_launch),
      cmocka_unit_test_setup(somebody_else_on_a_core, make_sound_launch),
      cmocka_unit_test_setup(less_time_than_cores, make_sound_launch),
      cmocka_unit_test_setup(a_slow_core_and_a_slow_node, make_sound_launch),
      cmocka_unit_test_setup(too_little_memory, make_sound_launch),
      cmocka_unit_test_setup(a_container_that_forbids_copies, make_sound_launch),
      cmocka_unit_test_setup(clocks_apart, make_sound_launch),
      cmocka_unit_test_setup(everything_at_once_fits, make_sound_launch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
