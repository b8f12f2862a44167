/* The team that a test's jobs run on: all ranks on one node, or, to try what crosses nodes,
   pretended nodes of a few ranks each. */
#pragma once

#include "mpi/mpi_test.h"

static struct team job_team;

static inline void pretend_one_node(void) {
  job_team = test_team;
}

static inline void pretend_nodes(int ranks_each) {
  MPI_Comm node;
  job_team = test_team;
  MPI_Comm_split(test_team.comm, test_team.rank / ranks_each, test_team.rank, &node);
  team_set_nodes(&job_team, node);
}

static inline void end_pretending(void) {
  team_free_nodes(&job_team);
  job_team = test_team;
}
