/* For tests that run on several ranks. An assertion that only one rank could fail would leave the
   others waiting for it, so verdicts are made common first: all ranks assert the same. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>

#include "mpi/team.h"

static struct team test_team;

/* True on all ranks when it is true on each. Collective. */
static inline bool on_all_ranks(bool here) {
  int mine = here;
  int all;
  MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (!here) {
    fprintf(stderr, "rank %d: this rank's verdict is no\n", test_team.rank);
  }
  return all != 0;
}

/* First in a test that is not collective: several ranks would say no more than one does. */
#define ON_ONE_RANK(state)                                                                         \
  do {                                                                                             \
    (void)(state);                                                                                 \
    if (test_team.size > 1) {                                                                      \
      return;                                                                                      \
    }                                                                                              \
  } while (0)

/* A test file may name a function that cmocka calls first. */
#ifndef BEFORE_TESTS
#define BEFORE_TESTS NULL
#endif

#define assert_on_all_ranks(condition) assert_true(on_all_ranks(condition))

/* Run the group between team_open and team_close; cmocka's lines come from rank 0 only. */
#define RUN_ON_ALL_RANKS(tests)                                                                    \
  do {                                                                                             \
    struct fault fault = {.status = STATUS_OK};                                                    \
    if (team_open(&test_team, &fault) != STATUS_OK) {                                              \
      return 1;                                                                                    \
    }                                                                                              \
    if (test_team.rank != 0 && freopen("/dev/null", "w", stdout) == NULL) {                        \
      return 1;                                                                                    \
    }                                                                                              \
    int failed = cmocka_run_group_tests(tests, BEFORE_TESTS, NULL);                                \
    team_close(&test_team);                                                                        \
    return failed;                                                                                 \
  } while (0)
