/* The limit of a node: one word in the memory that its ranks share. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "mpi/team.h"
#include "mpi/wait.h"

/* Processes share the word: a lock hidden in the C library would be another one in each. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(uint64_t) == sizeof(long long),
               "64-bit atomics must be lock-free");

static inline _Atomic uint64_t *node_limit_of(const struct team *team) {
  return team->flag_memory;
}

/* Collective over the node, after flag_allocate: that has made sure that no rank lowers the limit
   of an earlier job any more. */
static inline void node_limit_reset(const struct team *team) {
  if (team->node_rank == 0) {
    atomic_store(node_limit_of(team), UINT64_MAX);
  }
  team_barrier(team, team->node, WAIT_BRISK);
}

static inline void node_limit_lower(const struct team *team, uint64_t limit) {
  uint64_t now = atomic_load(node_limit_of(team));
  while (limit < now && !atomic_compare_exchange_weak(node_limit_of(team), &now, limit)) {
  }
}

static inline uint64_t node_limit_poll(const struct team *team) {
  return atomic_load_explicit(node_limit_of(team), memory_order_relaxed);
}
