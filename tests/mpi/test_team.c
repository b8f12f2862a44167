/* Who is where, common verdicts, and data shared by the ranks of a node. */
#include "mpi/mpi_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "mpi/shared_block.h"
#include "mpi/wait.h"

static void the_team_knows_itself(void **state) {
  (void)state;
  int rank;
  int size;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  assert_on_all_ranks(test_team.rank == rank && test_team.size == size);
  /* These tests run on one host. */
  assert_on_all_ranks(test_team.nodes == 1 && test_team.node_size == size &&
                      test_team.node_rank == rank && test_team.clock_offset == 0);
  assert_on_all_ranks((test_team.leaders != MPI_COMM_NULL) == (rank == 0));
  assert_on_all_ranks(test_team.cores >= 1 && test_team.oversubscribed == (size > test_team.cores));
}

static void the_lowest_fault_counts(void **state) {
  (void)state;
  struct fault fault = {.status = STATUS_OK};
  assert_on_all_ranks(team_agree(&test_team, &fault) == STATUS_OK);
  for (int failing = 0; failing < test_team.size; failing++) {
    fault = (struct fault){.status = STATUS_OK};
    if (test_team.rank >= failing) {
      fault_set(&fault, test_team.rank % 2 == 0 ? STATUS_USAGE : STATUS_FAILED, "bad luck %d",
                test_team.rank);
    }
    char expected[64];
    snprintf(expected, sizeof expected, "bad luck %d", failing);
    enum status status = team_agree(&test_team, &fault);
    assert_on_all_ranks(status == (failing % 2 == 0 ? STATUS_USAGE : STATUS_FAILED) &&
                        strstr(fault.text, expected) != NULL);
  }
}

static void everyone_sees_the_shared_bytes(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 64, 100000, 5000000};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    unsigned char *bytes = NULL;
    if (test_team.rank == 0) {
      bytes = malloc(sizes[i] + 1);
      for (size_t b = 0; b < sizes[i]; b++) {
        bytes[b] = (unsigned char)(b * 31 + b / 256);
      }
    }
    struct shared_block block;
    struct fault fault;
    enum status status =
        shared_block_open(&block, &test_team, bytes, test_team.rank == 0 ? sizes[i] : 77, &fault);
    free(bytes);
    bool same = status == STATUS_OK && block.size == sizes[i] && (uintptr_t)block.bytes % 64 == 0 &&
                (block.bytes == NULL) == (sizes[i] == 0);
    for (size_t b = 0; same && b < sizes[i]; b++) {
      same = ((const unsigned char *)block.bytes)[b] == (unsigned char)(b * 31 + b / 256);
    }
    shared_block_close(&block);
    assert_on_all_ranks(same);
  }
}

static void too_much_to_share_is_refused(void **state) {
  (void)state;
  struct shared_block block;
  struct fault fault = {.status = STATUS_OK};
  unsigned char byte = 0;
  enum status status = shared_block_open(&block, &test_team, &byte, (size_t)1 << 50, &fault);
  assert_on_all_ranks(status == STATUS_FAILED && (strstr(fault.text, "MiB free") != NULL ||
                                                  strstr(fault.text, "out of memory") != NULL));
}

/* Collective. What a wait for rank 0 takes of the processor, at most. */
static double cost_of_a_wait(void) {
  team_barrier(&test_team, test_team.comm, WAIT_PATIENT);
  double start = clock_seconds();
  clock_t before = clock();
  if (test_team.rank == 0) {
    while (clock_seconds() - start < 1) {
    }
  }
  team_barrier(&test_team, test_team.comm, WAIT_PATIENT);
  double busy = (double)(clock() - before) / CLOCKS_PER_SEC;
  double share = test_team.rank == 0 ? 0 : busy / (clock_seconds() - start);
  team_reduce(&test_team, &share, 1, MPI_MAX);
  return share;
}

/* Waiting ranks sleep: while rank 0 works alone, the others take next to no processor time. (A
   virtual machine that is stopped is charged with that time now and then.) */
static void waiting_costs_little(void **state) {
  (void)state;
  double least = 1;
  for (int i = 0; i < 8 && least >= 0.2; i++) {
    least = fmin(least, cost_of_a_wait());
  }
  assert_on_all_ranks(least < 0.2);
}

/* The longest pause in the first `span` seconds of waiting, with no other cost than the pauses. */
static double longest_pause(bool oversubscribed, enum patience patience, double span) {
  struct team team = {.oversubscribed = oversubscribed};
  struct waiter waiter;
  double longest = 0;
  waiter_start(&waiter, &team, patience);
  while (waiter.waited < span) {
    longest = waiter.pause > longest ? waiter.pause : longest;
    waiter_pause(&waiter);
  }
  return longest;
}

/* A rank that waits for long looks ever more rarely, but does not oversleep. Short at first, and a
 * small share of the wait: where ranks outnumber cores from 1 ms on. */
static void pauses_grow(void **state) {
  (void)state;
  if (test_team.size > 2) {
    return; /* it is about time that others would take */
  }
  struct waiter waiter;
  waiter_start(&waiter, &test_team, WAIT_BRISK);
  assert_on_all_ranks(waiter.pause < 1e-4 && waiter.spins < 1000);
  double quick = longest_pause(false, WAIT_BRISK, 0.05);
  assert_on_all_ranks(quick > 0.4e-3 && quick < 1.1e-3); /* a 64th of 50 ms */
  assert_on_all_ranks(longest_pause(true, WAIT_BRISK, 0.05) == 1e-3);
  double later = longest_pause(true, WAIT_BRISK, 0.4);
  assert_on_all_ranks(later > 4e-3 && later < 8e-3);
  assert_on_all_ranks(longest_pause(true, WAIT_SERVING, 0.2) == 1e-3);
  assert_on_all_ranks(longest_pause(false, WAIT_PATIENT, 0.3) == 20e-3);
}

/* More than fits in one piece of a broadcast. */
static void long_broadcasts_arrive_whole(void **state) {
  (void)state;
  if (test_team.size > 3) {
    return; /* memory: every rank holds its own copy */
  }
  const size_t size = ((size_t)64 << 20) + 4096;
  uint32_t *words = malloc(size);
  for (size_t i = 0; i < size / sizeof *words; i++) {
    words[i] = test_team.rank == 0 ? (uint32_t)i * 2654435761U : 0;
  }
  team_broadcast(&test_team, test_team.comm, 0, words, size, WAIT_BRISK);
  bool same = true;
  for (size_t i = 0; i < size / sizeof *words; i++) {
    same = same && words[i] == (uint32_t)i * 2654435761U;
  }
  free(words);
  assert_on_all_ranks(same);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_team_knows_itself),
      cmocka_unit_test(the_lowest_fault_counts),
      cmocka_unit_test(everyone_sees_the_shared_bytes),
      cmocka_unit_test(too_much_to_share_is_refused),
      cmocka_unit_test(waiting_costs_little),
      cmocka_unit_test(pauses_grow),
      cmocka_unit_test(long_broadcasts_arrive_whole),
  };
  RUN_ON_ALL_RANKS(tests);
}
