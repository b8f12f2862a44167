/* An item that fails ends the job on all ranks, wherever it lies, and everybody is told the same:
   rank, host, range and reason. */
#include "mpi/pool_probe.h"

#include <inttypes.h>
#include <stdlib.h>

/* The rank that had the bad item. */
static int failing_rank(void) {
  int mine = probe_failed_here ? test_team.rank : -1;
  int highest;
  MPI_Allreduce(&mine, &highest, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return highest;
}

/* Read "items [LO, HI): "; *text goes on behind it. */
static bool read_range(const char **text, struct range *range) {
  static const char *const parts[] = {"items [", ", ", "): "};
  uint64_t *const numbers[] = {&range->lo, &range->hi};
  const char *at = *text;
  for (int i = 0; i < 3; i++) {
    if (strncmp(at, parts[i], strlen(parts[i])) != 0) {
      return false;
    }
    at += strlen(parts[i]);
    if (i < 2) {
      char *end;
      *numbers[i] = strtoull(at, &end, 10);
      at = end;
    }
  }
  *text = at;
  return true;
}

/* "rank R on HOST: items [LO, HI): item I is bad"; rank 0 speaks for itself. */
static bool tells(const struct fault *fault, int rank) {
  char host[MPI_MAX_PROCESSOR_NAME] = "";
  snprintf(host, sizeof host, "%s", test_team.host);
  MPI_Bcast(host, sizeof host, MPI_CHAR, rank, MPI_COMM_WORLD);
  char prefix[128] = "";
  if (rank != 0) {
    snprintf(prefix, sizeof prefix, "rank %d on %.64s: ", rank, host);
  }
  char reason[64];
  snprintf(reason, sizeof reason, "item %" PRIu64 " is bad", probe.fail_at);
  bool begins = strncmp(fault->text, prefix, strlen(prefix)) == 0;
  const char *rest = fault->text + (begins ? strlen(prefix) : 0);
  struct range range = {0};
  return begins && read_range(&rest, &range) && range.lo <= probe.fail_at &&
         probe.fail_at < range.hi && range.hi <= probe.items && strcmp(rest, reason) == 0;
}

/* Collective. */
static void check_failure(void) {
  struct outcome_of_run run = run_probe();
  int rank = failing_rank();
  assert_on_all_ranks(rank >= 0);
  assert_on_all_ranks(run.status == STATUS_FAILED && tells(&run.fault, rank));
  tally_free(&run.tally);
}

/* First, middle and last of all, and of chunks and slices: chunks of three, and what lies at
   cuts into equal parts. */
static void at_every_position(void **state) {
  (void)state;
  static const uint64_t positions[] = {0, 2, 3, 332, 333, 499, 500, 998, 999};
  FOR_EACH_PAIR() {
    for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++) {
      probe = plain;
      probe.items = 1000;
      probe.fail_at = positions[i];
      check_failure();
    }
  }
}

static void on_every_rank(void **state) {
  (void)state;
  way = &by_scatter;
  for (int rank = 0; rank < test_team.size; rank++) {
    struct range share = range_share(1000, 1, (uint64_t)rank, (uint64_t)test_team.size);
    uint64_t ends[] = {share.lo, share.hi - 1};
    for (int i = 0; i < 2; i++) {
      probe = plain;
      probe.items = 1000;
      probe.fail_at = ends[i];
      check_failure();
      assert_on_all_ranks(probe_failed_here == (test_team.rank == rank));
    }
  }
}

static int calls_here;

static void count_call(struct range range) {
  (void)range;
  calls_here++;
}

/* The job would be 60,000 calls of 1 ms for every rank. */
static void nobody_works_on(void **state) {
  (void)state;
  FOR_EACH_PAIR() {
    probe = plain;
    probe.items = UINT64_C(600000) * (uint64_t)test_team.size;
    probe.grain = 10;
    probe.slow = true;
    probe.fail_at = 7;
    probe.before = count_call;
    calls_here = 0;
    check_failure();
    assert_on_all_ranks(calls_here < 15000);
  }
}

static void across_nodes(void **state) {
  (void)state;
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    FOR_TYPICAL_WAYS() {
      for (uint64_t failing = 0; failing < 100000; failing += 33333) {
        probe = plain;
        probe.items = 100000;
        probe.fail_at = failing;
        check_failure();
      }
    }
    end_pretending();
  }
}

/* With several failures the lowest failing rank is the one that is named. */
static void fail_everywhere(struct range range) {
  probe.fail_at = range.lo;
}

static void the_lowest_rank_is_named(void **state) {
  (void)state;
  way = &by_scatter;
  probe = plain;
  probe.items = 100 * (uint64_t)test_team.size;
  probe.before = fail_everywhere;
  struct outcome_of_run run = run_probe();
  assert_on_all_ranks(run.status == STATUS_FAILED &&
                      strncmp(run.fault.text, "items [0, 1): item 0 is bad", 27) == 0);
  tally_free(&run.tally);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(at_every_position),        cmocka_unit_test(on_every_rank),
      cmocka_unit_test(nobody_works_on),          cmocka_unit_test(across_nodes),
      cmocka_unit_test(the_lowest_rank_is_named),
  };
  RUN_ON_ALL_RANKS(tests);
}
