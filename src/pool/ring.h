/* A rank's ring of drawn work: its main thread puts ranges in, all its threads take them out,
   without locks. Tickets count what was put in and taken since the beginning, so that a thread
   which was off its core for long can never mistake one round for another. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/range.h"

enum {
  RING_PLACES = 1024, /* a power of two */
  RING_HANDFUL = 16,  /* the most that is taken at once */
};

struct ring_place {
  _Atomic uint64_t lo, hi;
};

struct ring {
  _Alignas(128) _Atomic uint64_t taken; /* ranges */
  _Alignas(128) _Atomic uint64_t put;   /* ranges */
  _Alignas(128) struct ring_place places[RING_PLACES];
  uint64_t items;               /* the main thread's: in all ranges put in so far */
  uint64_t before[RING_PLACES]; /* and what `items` was before the range in each place */
};

/* Before other threads start. */
void ring_clear(struct ring *ring);

/* The main thread, while the ring is not full (ring_count). */
void ring_put(struct ring *ring, struct range range);

/* The main thread: ranges, and items, in the ring. Others may take some at the same time. */
uint64_t ring_count(const struct ring *ring);
uint64_t ring_items(const struct ring *ring);

/* Any thread: take the next ranges, in the order in which they were put in, into
   range[RING_HANDFUL]; how many. One, unless there are many for each of the `takers`; 0 when the
   ring is empty. */
size_t ring_take(struct ring *ring, size_t takers, struct range *range);
