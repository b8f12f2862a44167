#include "mpi/memory_bandwidth.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "mpi/topology.h"

enum { PASSES = 3 };

/* The ranks of a host together take four times what its caches hold. */
static const uint64_t TIMES_THE_CACHES = 4;
static const uint64_t LEAST_BYTES = UINT64_C(64) << 20;

static uint64_t bytes_of_rank(const struct team *team) {
  uint64_t caches = topology_cache_bytes();
  uint64_t host = caches > LEAST_BYTES ? caches : LEAST_BYTES;
  return TIMES_THE_CACHES * host / (uint64_t)team->node_size / sizeof(uint64_t) * sizeof(uint64_t);
}

static uint64_t sum_of(const uint64_t *words, uint64_t count) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < count; i++) {
    sum += words[i];
  }
  return sum;
}

/* The slowest rank's seconds, on all ranks; the first pass takes the pages. */
static double pass(const struct team *team, uint64_t *words, uint64_t bytes, int value) {
  static volatile uint64_t result; /* so that nothing is left out */
  team_barrier(team, team->comm, WAIT_BRISK);
  double start = clock_seconds();
  memset(words, value, bytes);
  result = sum_of(words, bytes / sizeof *words);
  (void)result;
  double seconds = clock_seconds() - start;
  team_reduce(team, &seconds, 1, MPI_MAX);
  return seconds;
}

double memory_bandwidth(const struct team *team) {
  uint64_t bytes = bytes_of_rank(team);
  struct fault fault = {.status = STATUS_OK};
  uint64_t *words = NULL;
  if (team->node_rank == 0) {
    memory_check(2 * bytes * (uint64_t)team->node_size, "the measure of memory", &fault);
  }
  if (team_agree(team, &fault) == STATUS_OK) {
    words = malloc(bytes);
    if (words == NULL) {
      fault_set(&fault, STATUS_FAILED, "out of memory");
    }
    team_agree(team, &fault);
  }
  double best = INFINITY;
  bool possible = fault.status == STATUS_OK && words != NULL;
  for (int i = 0; possible && i <= PASSES; i++) {
    double seconds = pass(team, words, bytes, i);
    best = i > 0 ? fmin(best, seconds) : best;
  }
  free(words);
  double all = 2.0 * (double)bytes;
  team_reduce(team, &all, 1, MPI_SUM);
  return isfinite(best) ? all / best : NAN;
}
