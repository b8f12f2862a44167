/* Limits of control groups, read from trees of files as Linux shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "core/cgroup.h"
#include "unit/pretended_root.h"

static void nothing_is_no_limit(void **state) {
  (void)state;
  assert_true(isinf(cgroup_processors(root)));
  assert_true(cgroup_memory_left(root) == UINT64_MAX);
}

static void the_tightest_group_of_version2_holds(void **state) {
  (void)state;
  put("proc/self/cgroup", "0::/slurm/job_7/step_0\n");
  put("sys/fs/cgroup/slurm/job_7/step_0/cpu.max", "max 100000\n");
  assert_true(isinf(cgroup_processors(root)));
  put("sys/fs/cgroup/slurm/job_7/cpu.max", "150000 100000\n");
  put("sys/fs/cgroup/slurm/cpu.max", "6400000 100000\n");
  assert_true(cgroup_processors(root) == 1.5);
  put("sys/fs/cgroup/cpu.max", "50000 100000\n"); /* a container's own group, seen as the root */
  assert_true(cgroup_processors(root) == 0.5);

  put("sys/fs/cgroup/slurm/job_7/memory.max", "1000000\n");
  put("sys/fs/cgroup/slurm/job_7/memory.stat", "anon 300000\nfile 500000\nshmem 100000\n");
  put("sys/fs/cgroup/slurm/job_7/step_0/memory.max", "max\n");
  assert_true(cgroup_memory_left(root) == 600000);
  put("sys/fs/cgroup/slurm/job_7/memory.max", "350000\n");
  assert_true(cgroup_memory_left(root) == 0);
}

static void version1_has_a_tree_for_each_controller(void **state) {
  (void)state;
  put("proc/self/cgroup", "5:cpuset:/a\n4:cpu,cpuacct:/b/c\n3:memory:/d\n0::/e\n");
  put("sys/fs/cgroup/cpu/b/c/cpu.cfs_quota_us", "-1\n");
  put("sys/fs/cgroup/cpu/b/c/cpu.cfs_period_us", "100000\n");
  assert_true(isinf(cgroup_processors(root)));
  put("sys/fs/cgroup/cpu/b/cpu.cfs_quota_us", "200000\n");
  put("sys/fs/cgroup/cpu/b/cpu.cfs_period_us", "100000\n");
  put("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "1000\n"); /* another controller's path */
  put("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  assert_true(cgroup_processors(root) == 2);
  put("sys/fs/cgroup/memory/d/memory.limit_in_bytes", "9000\n");
  put("sys/fs/cgroup/memory/d/memory.stat", "rss 7\ntotal_rss 2000\ntotal_shmem 1000\n");
  assert_true(cgroup_memory_left(root) == 6000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(nothing_is_no_limit, make_root, remove_root),
      cmocka_unit_test_setup_teardown(the_tightest_group_of_version2_holds, make_root, remove_root),
      cmocka_unit_test_setup_teardown(version1_has_a_tree_for_each_controller, make_root,
                                      remove_root),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
