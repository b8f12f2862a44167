/* Launches with one thing wrong each, and a sound one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "probes/diagnosis.h"

enum { RANKS = 8, HOSTS = 2, ON_HOST = RANKS / HOSTS };

static struct census_entry entries[RANKS];
static struct launch launch;
static struct finding findings[64];
static size_t count;

/* Two hosts of four cores with a rank on each. */
static int make_sound_launch(void **state) {
  (void)state;
  launch = (struct launch){
      .entries = entries, .size = RANKS, .open_mpi_4 = true, .one_sided = true, .osc = "^ucx,rdma"};
  for (int rank = 0; rank < RANKS; rank++) {
    struct census_entry *entry = &entries[rank];
    *entry = (struct census_entry){.node = rank / ON_HOST,
                                   .pid = 1000 + rank,
                                   .parent = 999,
                                   .cores = 1,
                                   .cpus = 2,
                                   .node_cores = ON_HOST,
                                   .host_cores = ON_HOST,
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
  count = diagnosis_make(&launch, findings);
  for (size_t i = 0; i < count; i++) {
    print_message("%s\n  -> %s\n", findings[i].problem, findings[i].remedy);
    assert_true(findings[i].remedy[0] != '\0');
  }
}

/* One finding, of that kind, that says so and names the remedy. */
static void assert_only(const char *kind, int node, const char *problem, const char *remedy) {
  diagnose();
  assert_int_equal(count, 1);
  assert_string_equal(findings[0].kind, kind);
  assert_int_equal(findings[0].node, node);
  assert_non_null(strstr(findings[0].problem, problem));
  assert_non_null(strstr(findings[0].remedy, remedy));
}

/* The ranks that the only finding is about, as the bits of a number. */
static void assert_concerns(unsigned ranks) {
  for (int rank = 0; rank < launch.size; rank++) {
    bool expected = (ranks >> rank & 1) != 0;
    if (diagnosis_concerns(&launch, &findings[0], rank) != expected) {
      fail_msg("%s %s rank %d", findings[0].kind, expected ? "leaves out" : "marks", rank);
    }
  }
}

static void nothing_is_wrong_with_a_sound_launch(void **state) {
  (void)state;
  diagnose();
  assert_int_equal(count, 0);
}

static void nothing_is_wrong_with_what_is_merely_odd(void **state) {
  (void)state;
  for (int rank = 0; rank < RANKS; rank++) {
    bool second = rank >= ON_HOST;
    entries[rank].clock_ahead = second ? -1e6 : 0;       /* started eleven days later */
    entries[rank].processors = second ? 4 : 4.5;         /* a limit, but not below the ranks */
    entries[rank].host_cores = 64;                       /* bound to a few of many */
    entries[rank].work_seconds = second ? 0.0120 : 0.01; /* another processor's */
    entries[rank].share = 0.85;
  }
  launch.open_mpi_4 = false;
  launch.osc = "^ucx,pt2pt"; /* harmless in Open MPI 5 */
  diagnose();
  assert_int_equal(count, 0);
  launch.size = 1;
  launch.open_mpi_4 = true;
  diagnose();
  assert_int_equal(count, 0);
}

static void more_ranks_than_cores(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].node_cores = entries[rank].host_cores = 2;
  }
  assert_only("oversubscribed", 0, "node1: 4 ranks share 2 cores", "node1 slots=2 in the hostfile");
  assert_non_null(strstr(findings[0].remedy, "mpirun --oversubscribe (Open MPI 4)"));
  assert_non_null(strstr(findings[0].remedy, "mpirun --map-by :OVERSUBSCRIBE (Open MPI 5)"));
  assert_concerns(0);
  launch.size = ON_HOST; /* a single host */
  assert_only("oversubscribed", 0, "node1: 4 ranks share 2 cores", "mpirun -np 2, or more hosts");
  /* A launcher that is confined, besides: spreading alone does not mend it. */
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].node_cores = 1;
  }
  assert_only("oversubscribed", 0, "node1: 4 ranks share 1 core", "mpirun -np 1");
}

static void two_ranks_on_one_core(void **state) {
  (void)state;
  memcpy(entries[6].cpu_list, entries[5].cpu_list, sizeof entries[6].cpu_list);
  assert_only("same-core", 1,
              "node2: ranks 5 and 6 are bound to the same core, hardware threads 1,5",
              "--map-by core --bind-to core");
  assert_concerns(1u << 5 | 1u << 6);
  entries[6].cores = entries[5].cores = 2; /* one of two cores each: enough */
  diagnose();
  assert_int_equal(count, 0);
}

static void all_ranks_on_few_of_many_cores(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].node_cores = 1;
    snprintf(entries[rank].cpu_list, sizeof entries[rank].cpu_list, "0");
  }
  assert_only("same-core", 1,
              "node2: 4 ranks are bound to 1 core together, of the host's 4 (hardware threads 0)",
              "taskset -c 0-$(($(nproc --all)-1)) mpirun");
  assert_concerns(0xf0);
}

static void somebody_else_on_a_core(void **state) {
  (void)state;
  entries[2].share = 0.5;
  entries[1].share = 0.7;
  assert_only("busy-core", 0,
              "cores of 2 of 4 ranks; rank 2 (hardware threads 2,6) had its own for 50 %",
              "mpirun --bind-to none");
  assert_non_null(strstr(findings[0].remedy, "--exclusive"));
  assert_concerns(1u << 1 | 1u << 2);
}

static void less_time_than_ranks(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].processors = 2.5;
    entries[rank].node_cores = 2; /* as topology_count_cores rounds */
  }
  assert_only(
      "cgroup-limit", 1,
      "node2: 4 ranks share the time of 2.5 processors, all that control groups allow on 4 cores",
      "docker run --cpus 4");
  assert_non_null(strstr(findings[0].remedy, "node2 slots=2 in the hostfile"));
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].processors = 3.9; /* rounded up by nobody */
    entries[rank].node_cores = 4;
  }
  assert_only("cgroup-limit", 1, "3.9 processors", "--cpus-per-task");
  for (int rank = ON_HOST; rank < RANKS; rank++) { /* no more than the machine has is no limit */
    entries[rank].processors = 2;
    entries[rank].node_cores = entries[rank].host_cores = 2;
  }
  assert_only("oversubscribed", 1, "node2: 4 ranks share 2 cores", "node2 slots=2");
  for (int rank = ON_HOST; rank < RANKS; rank++) { /* and Docker gives no more than there are */
    entries[rank].processors = 2;
    entries[rank].host_cores = 3;
  }
  assert_only("cgroup-limit", 1, "share the time of 2 processors", "docker run --cpus 3,");
}

static void a_slow_core(void **state) {
  (void)state;
  entries[2].work_seconds = 0.02;
  assert_only("slow-core", 0,
              "node1: 1 of 4 ranks are slow; rank 2, on hardware thread 2, takes 1.99 times",
              "cpupower frequency-set -g performance");
  assert_concerns(1u << 2);
}

/* Half of all ranks: neither half is the usual one by number. */
static void a_slow_node_of_two(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].work_seconds = 0.014;
  }
  assert_only("slow-node", 1,
              "node2 is slow: the same work takes its cores up to 1.40 times as long",
              "--exclude=node2");
  assert_concerns(0xf0);
}

static void one_slow_rank_of_two(void **state) {
  (void)state;
  launch.size = 2;
  entries[1].work_seconds = 0.0128;
  assert_only("slow-core", 0, "1 of 2 ranks are slow; rank 1", "sbatch --exclude=node1");
}

static void too_little_memory(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].shared_memory = UINT64_C(60) << 20;
  }
  assert_only("shared-memory", 0, "node1: /dev/shm has only 60 MiB free", "--shm-size");
  assert_concerns(0);
  assert_non_null(strstr(findings[0].remedy, "size=50% /dev/shm"));
  make_sound_launch(NULL);
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].memory = UINT64_C(200) << 20;
  }
  assert_only("memory", 1, "node2: only 200 MiB of memory are free for 4 ranks", "--mem");
}

static void a_container_that_forbids_copies(void **state) {
  (void)state;
  for (int rank = 0; rank < ON_HOST; rank++) {
    entries[rank].copy_error = EPERM;
  }
  assert_only("cross-memory-attach", 0,
              "node1: ranks may not read one another's memory (Operation not permitted)",
              "SYS_PTRACE");
  assert_non_null(strstr(findings[0].remedy, "btl_vader_single_copy_mechanism none (Open MPI 4)"));
  assert_non_null(strstr(findings[0].remedy, "smsc ^cma (Open MPI 5)"));
  launch.size = 1; /* nobody to copy from */
  diagnose();
  assert_int_equal(count, 0);
}

static void clocks_apart(void **state) {
  (void)state;
  for (int rank = ON_HOST; rank < RANKS; rank++) {
    entries[rank].wall_clock -= 1000;
  }
  assert_only("time-of-day", 1, "node2: the time of day is 1000.0 s behind that of node1",
              "set-ntp");
}

static void a_rank_left_alone(void **state) {
  (void)state;
  launch.size = 1;
  launch.tasks_left_alone = 4;
  assert_only("alone", -1, "SLURM gave 4 tasks, and this is one rank", "srun --mpi=pmix");
  assert_concerns(0);
}

static void one_sided_operations(void **state) {
  (void)state;
  launch.one_sided = false;
  assert_only("one-sided", -1, "does not work between these ranks with osc = ^ucx,rdma",
              "unset OMPI_MCA_osc");
  make_sound_launch(NULL);
  launch.osc = "^ucx,pt2pt";
  assert_only("one-sided", -1, "osc = ^ucx,pt2pt may crash", "--mca osc ^ucx,rdma");
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
  launch.tasks_left_alone = 2;
  launch.one_sided = false;
  for (int rank = 0; rank < RANKS; rank++) {
    snprintf(entries[rank].host, sizeof entries[rank].host, "node%d", rank + 1);
  }
  assert_true(sizeof findings / sizeof findings[0] >= diagnosis_most(RANKS));
  diagnose();
  /* Cores and two kinds of memory of each; the clocks of all but the first. */
  assert_int_equal(count, 2 + 3 * RANKS + (RANKS - 1));
  assert_true(count <= diagnosis_most(RANKS));
  assert_string_equal(findings[0].kind, "alone");
  assert_string_equal(findings[count - 1].kind, "time-of-day");
  assert_non_null(strstr(findings[count - 1].problem, "node8"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(nothing_is_wrong_with_a_sound_launch, make_sound_launch),
      cmocka_unit_test_setup(nothing_is_wrong_with_what_is_merely_odd, make_sound_launch),
      cmocka_unit_test_setup(more_ranks_than_cores, make_sound_launch),
      cmocka_unit_test_setup(two_ranks_on_one_core, make_sound_launch),
      cmocka_unit_test_setup(all_ranks_on_few_of_many_cores, make_sound_launch),
      cmocka_unit_test_setup(somebody_else_on_a_core, make_sound_launch),
      cmocka_unit_test_setup(less_time_than_ranks, make_sound_launch),
      cmocka_unit_test_setup(a_slow_core, make_sound_launch),
      cmocka_unit_test_setup(a_slow_node_of_two, make_sound_launch),
      cmocka_unit_test_setup(one_slow_rank_of_two, make_sound_launch),
      cmocka_unit_test_setup(too_little_memory, make_sound_launch),
      cmocka_unit_test_setup(a_container_that_forbids_copies, make_sound_launch),
      cmocka_unit_test_setup(clocks_apart, make_sound_launch),
      cmocka_unit_test_setup(a_rank_left_alone, make_sound_launch),
      cmocka_unit_test_setup(one_sided_operations, make_sound_launch),
      cmocka_unit_test_setup(everything_at_once_fits, make_sound_launch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
