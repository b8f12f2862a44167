#include "pool/reduce.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "mpi/call.h"
#include "mpi/shared_window.h"
#include "mpi/wait.h"

struct node_tally {
  _Alignas(64) _Atomic uint32_t locked;
  _Alignas(64) _Atomic uint32_t added; /* ranks of the node that added theirs */
  _Atomic uint32_t done;               /* the numbers are those of all nodes */
  _Alignas(64) uint64_t limit;
  _Alignas(64) unsigned char numbers[];
};

/* The tally whose numbers lie at `numbers`: wide sums first, for their alignment. */
static struct tally view_of(unsigned char *numbers, struct tally_shape shape) {
  struct tally tally = {.shape = shape, .limit = UINT64_MAX};
  tally.wide_sums = (uint128_t *)numbers;
  tally.sums = (uint64_t *)(tally.wide_sums + shape.wide_sums);
  tally.minima = tally.sums + shape.sums;
  return tally;
}

static size_t size_of(struct tally_shape shape) {
  return sizeof(struct node_tally) + sizeof(uint128_t) * shape.wide_sums +
         sizeof(uint64_t) * (shape.sums + shape.minima);
}

enum status reduction_open(struct reduction *reduction, const struct team *team,
                           struct tally_shape shape, struct fault *fault) {
  *reduction = (struct reduction){.team = team, .window = MPI_WIN_NULL};
  fault->status = STATUS_OK;
  if (team->node_size > 1) {
    shared_window_check(team, size_of(shape), "a node's sum of its ranks' results", fault);
  }
  if (team_agree(team, fault) != STATUS_OK || team->node_size == 1) {
    return fault->status;
  }
  reduction->shared = shared_window_allocate(team->node, size_of(shape), &reduction->window);
  reduction->tally = view_of(reduction->shared->numbers, shape);
  if (team->node_rank == 0) {
    atomic_store(&reduction->shared->locked, 0);
    atomic_store(&reduction->shared->added, 0);
    atomic_store(&reduction->shared->done, 0);
    tally_clear(&reduction->tally);
    reduction->shared->limit = UINT64_MAX;
  }
  return STATUS_OK;
}

/* Adding takes microseconds, but whoever does it may be off its core. */
static void lock(const struct reduction *reduction) {
  struct waiter waiter;
  waiter_start(&waiter, reduction->team, WAIT_SERVING);
  while (atomic_exchange(&reduction->shared->locked, 1) != 0) {
    waiter_pause(&waiter);
  }
}

static void add_to_node(struct reduction *reduction, const struct tally *tally) {
  struct node_tally *shared = reduction->shared;
  lock(reduction);
  reduction->tally.limit = shared->limit;
  tally_add(&reduction->tally, tally);
  shared->limit = reduction->tally.limit;
  atomic_store(&shared->locked, 0);
  atomic_fetch_add(&shared->added, 1);
}

static void await(const struct reduction *reduction, const _Atomic uint32_t *word, uint32_t value,
                  void (*between)(void *data), void *data) {
  bool is_first = reduction->team->node_rank == 0;
  struct waiter waiter;
  waiter_start(&waiter, reduction->team, is_first ? WAIT_SERVING : WAIT_BRISK);
  while (between(data), atomic_load(word) != value) {
    waiter_pause(&waiter);
  }
}

/* MPI has no 128-bit integers; two 64-bit words are one element. */
static void add_wide(void *in, void *inout, int *length, MPI_Datatype *type) {
  (void)type;
  /* MPI's own buffers need not be aligned for 128 bits. */
  for (int i = 0; i < *length; i++) {
    char *into = (char *)inout + (size_t)i * sizeof(uint128_t);
    uint128_t a;
    uint128_t b;
    memcpy(&a, (const char *)in + (size_t)i * sizeof a, sizeof a);
    memcpy(&b, into, sizeof b);
    b += a;
    memcpy(into, &b, sizeof b);
  }
}

/* Over the first ranks of all nodes. */
static void join_nodes(const struct team *team, struct tally *tally, void (*between)(void *data),
                       void *data) {
  const struct tally_shape *shape = &tally->shape;
  MPI_Datatype wide_type;
  MPI_Op wide_add;
  MPI_Request requests[4];
  MPI_CALL(MPI_Type_contiguous(2, MPI_UINT64_T, &wide_type));
  MPI_CALL(MPI_Type_commit(&wide_type));
  MPI_CALL(MPI_Op_create(add_wide, 1, &wide_add));
  /* Every rank has the same shape, so all of them skip the same empty parts. */
  int count = 0;
  if (shape->sums > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->sums, (int)shape->sums, MPI_UINT64_T, MPI_SUM,
                            team->leaders, &requests[count++]));
  }
  if (shape->wide_sums > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->wide_sums, (int)shape->wide_sums, wide_type,
                            wide_add, team->leaders, &requests[count++]));
  }
  if (shape->minima > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->minima, (int)shape->minima, MPI_UINT64_T, MPI_MIN,
                            team->leaders, &requests[count++]));
  }
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, &tally->limit, 1, MPI_UINT64_T, MPI_MIN, team->leaders,
                          &requests[count++]));
  wait_for_all(team, count, requests, WAIT_SERVING, between, data);
  MPI_CALL(MPI_Op_free(&wide_add));
  MPI_CALL(MPI_Type_free(&wide_type));
}

void reduction_run(struct reduction *reduction, struct tally *tally, void (*between)(void *data),
                   void *data) {
  const struct team *team = reduction->team;
  struct node_tally *shared = reduction->shared;
  if (shared == NULL) {
    join_nodes(team, tally, between, data);
    return;
  }
  add_to_node(reduction, tally);
  if (team->node_rank == 0) {
    await(reduction, &shared->added, (uint32_t)team->node_size, between, data);
    reduction->tally.limit = shared->limit;
    if (team->nodes > 1) {
      join_nodes(team, &reduction->tally, between, data);
    }
    shared->limit = reduction->tally.limit;
    atomic_store(&shared->done, 1);
  } else {
    await(reduction, &shared->done, 1, between, data);
    reduction->tally.limit = shared->limit;
  }
  tally_copy(tally, &reduction->tally);
}

void reduction_close(struct reduction *reduction) {
  if (reduction->shared != NULL) {
    /* MPI_Win_free spins; nobody enters before everybody can. */
    team_barrier(reduction->team, reduction->team->node, WAIT_BRISK);
  }
  shared_window_free(&reduction->window);
  *reduction = (struct reduction){.window = MPI_WIN_NULL};
}
