/* Orders: in which sequence the blocks of the index space are handed out. An order is a permutation
   of the blocks' numbers; dispatchers and schedules deal with positions in it and know nothing of
   it, so that every one of them can use every order. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"

/* What is put in order. The same on all ranks. */
struct order_view {
  uint64_t blocks;                                  /* at most 2^63 */
  uint64_t key;                                     /* of random permutations */
  double (*cost)(const void *data, uint64_t block); /* how much work is in a block, in any unit;
                                                       NULL: not known */
  const void *data;                                 /* for cost */
  uint64_t copies; /* of the state in a node's memory: each of its ranks makes one */
};

struct order {
  const char *name, *summary;
  bool needs_cost; /* open() calls view->cost */

  /* Not collective, but alike on all ranks. *state: for place and close. */
  enum status (*open)(const struct order_view *view, void **state, struct fault *fault);

  /* Which block comes at a position, both 0 ... blocks - 1. A pure function of the view, and a
     bijection; any thread. NULL: each is at its own place, and there is no open and no close. */
  uint64_t (*place)(const void *state, uint64_t position);

  void (*close)(void *state);
};

/* The registry: one word an order. */
#define ORDERS(X) X(natural) X(random) X(descending)
#define ORDER_DECLARE(name) extern const struct order name##_order;
ORDERS(ORDER_DECLARE)
#undef ORDER_DECLARE

#define ORDER_NAMES "natural|random|descending"

/* An order by name, or NULL. */
const struct order *order_find(const char *name);
