/* What a range of work adds up to. Everything in a tally is an integer and merges exactly and in
   any order, which is why answers never depend on the number of ranks or on timing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/uint128.h"

/* How many numbers of each kind a workload tallies. */
struct tally_shape {
  size_t sums;      /* 64-bit counts; the workload sees to it that they cannot overflow */
  size_t wide_sums; /* 128-bit sums */
  size_t minima;    /* least value seen, UINT64_MAX before any */
};

struct tally {
  struct tally_shape shape;
  uint64_t *sums;
  uint128_t *wide_sums;
  uint64_t *minima;
  /* Early exit. Items at or above `limit` are not needed any more; UINT64_MAX while all are, 0 when
     the answer is final. A workload lowers it in run(); it never rises. Not part of the answer. */
  uint64_t limit;
};

/* Its numbers lie on cache lines of their own, so that each thread may write its tally undisturbed.
 */
enum status tally_init(struct tally *tally, struct tally_shape shape, struct fault *fault);
void tally_free(struct tally *tally);

/* Back to the state after tally_init. */
void tally_clear(struct tally *tally);

/* Merge `from` into `into`: sums added, minima and the limit taken by minimum. The shapes are the
   same. */
void tally_add(struct tally *into, const struct tally *from);

/* The numbers and the limit of `from`; the shapes are the same. */
void tally_copy(struct tally *into, const struct tally *from);

/* The same numbers, limits apart; the shapes are the same. */
bool tally_equal(const struct tally *a, const struct tally *b);
