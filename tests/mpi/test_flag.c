/* Every kind of flag, raised in every way, always ends cleanly and is ready for the next job. */
#include "mpi/mpi_test.h"

#include "flags/flag.h"
#include "mpi/wait.h"

static const char *const kinds[] = {"ibcast", "none"};

static void *open_flag(const struct flag_kind *kind) {
  void *flag = NULL;
  struct fault fault;
  assert_on_all_ranks(kind->open(&test_team, &flag, &fault) == STATUS_OK);
  return flag;
}

/* Poll until the limit is at most `limit`; false after ten seconds. */
static bool hears(const struct flag_kind *kind, void *flag, uint64_t limit) {
  double start = MPI_Wtime();
  struct waiter waiter;
  waiter_start(&waiter, &test_team, WAIT_BRISK);
  while (kind->poll(flag) > limit) {
    if (MPI_Wtime() - start > 10) {
      return false;
    }
    waiter_pause(&waiter);
  }
  return true;
}

static void never_lowered(void **state) {
  (void)state;
  for (size_t k = 0; k < 2; k++) {
    const struct flag_kind *kind = flag_kind_find(kinds[k]);
    for (int i = 0; i < 200; i++) {
      void *flag = open_flag(kind);
      bool untouched = kind->poll(flag) == UINT64_MAX;
      kind->close(flag);
      assert_on_all_ranks(untouched);
    }
  }
}

static void every_rank_hears_of_a_find(void **state) {
  (void)state;
  const struct flag_kind *kind = flag_kind_find("ibcast");
  for (int finder = 0; finder < test_team.size; finder++) {
    for (int i = 0; i < 20; i++) {
      void *flag = open_flag(kind);
      if (test_team.rank == finder) {
        kind->lower(flag, 0);
      }
      bool heard = hears(kind, flag, 0);
      kind->close(flag);
      assert_on_all_ranks(heard);
    }
  }
}

static void the_limit_only_falls(void **state) {
  (void)state;
  const struct flag_kind *kind = flag_kind_find("ibcast");
  for (int i = 0; i < 20; i++) {
    void *flag = open_flag(kind);
    bool monotonic = true;
    uint64_t last = UINT64_MAX;
    /* All ranks lower it, several times, some of it upwards. */
    for (uint64_t step = 10; step > 0; step--) {
      kind->lower(flag, 100 * step + (uint64_t)test_team.rank);
      kind->lower(flag, 5000);
      uint64_t limit = kind->poll(flag);
      monotonic = monotonic && limit <= last && limit <= 100 * step + (uint64_t)test_team.rank;
      last = limit;
    }
    bool lowest = hears(kind, flag, 100); /* rank 0's last word */
    kind->close(flag);
    assert_on_all_ranks(monotonic && lowest);
  }
}

static void lowered_at_the_very_end(void **state) {
  (void)state;
  bool fresh = true;
  for (size_t k = 0; k < 2; k++) {
    const struct flag_kind *kind = flag_kind_find(kinds[k]);
    for (int i = 0; i < 200; i++) {
      void *flag = open_flag(kind);
      /* Nothing of the job before is left over: it would end this one. */
      fresh = fresh && kind->poll(flag) == UINT64_MAX && kind->poll(flag) == UINT64_MAX;
      MPI_Barrier(MPI_COMM_WORLD);
      fresh = fresh && kind->poll(flag) == UINT64_MAX;
      MPI_Barrier(MPI_COMM_WORLD);
      if (i % 2 == 0 || test_team.rank == i % test_team.size) {
        kind->lower(flag, (uint64_t)i + 2);
        kind->lower(flag, (uint64_t)i + 1);
        kind->lower(flag, (uint64_t)i);
      }
      kind->close(flag);
    }
  }
  assert_on_all_ranks(fresh);
}

static void none_stays_local(void **state) {
  (void)state;
  void *flag = open_flag(&none_flag);
  if (test_team.rank == 0) {
    none_flag.lower(flag, 3);
  }
  bool local = none_flag.poll(flag) == (test_team.rank == 0 ? 3 : UINT64_MAX);
  none_flag.close(flag);
  assert_on_all_ranks(local);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(never_lowered),        cmocka_unit_test(every_rank_hears_of_a_find),
      cmocka_unit_test(the_limit_only_falls), cmocka_unit_test(lowered_at_the_very_end),
      cmocka_unit_test(none_stays_local),
  };
  RUN_ON_ALL_RANKS(tests);
}
