/* descending: the most expensive blocks first, so that what is left at the end is small ("longest
   processing time first": R. L. Graham, Bounds on multiprocessing timing anomalies, SIAM Journal on
   Applied Mathematics 17(2), 1969). Costs are no formula that could be turned round: the blocks are
   sorted, in memory. */
#include <stdlib.h>

#include "core/memory.h"
#include "orders/order.h"

struct priced_block {
  double cost;
  uint64_t block;
};

static int compare(const void *a, const void *b) {
  const struct priced_block *left = a;
  const struct priced_block *right = b;
  if (left->cost != right->cost) {
    return left->cost > right->cost ? -1 : 1;
  }
  return left->block < right->block ? -1 : 1; /* the same on all ranks, whatever qsort does */
}

static enum status descending_open(const struct order_view *view, void **state,
                                   struct fault *fault) {
  const uint64_t most = SIZE_MAX / sizeof(struct priced_block) / view->copies;
  uint64_t size =
      view->blocks > most ? SIZE_MAX : view->blocks * view->copies * sizeof(struct priced_block);
  if (memory_check(size, "the list that --order descending sorts (a larger --chunk shortens it)",
                   fault) != STATUS_OK) {
    return fault->status;
  }
  struct priced_block *list = malloc((size_t)view->blocks * sizeof *list + 1);
  if (list == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  for (uint64_t block = 0; block < view->blocks; block++) {
    list[block] = (struct priced_block){view->cost(view->data, block), block};
  }
  qsort(list, (size_t)view->blocks, sizeof *list, compare);
  *state = list;
  return STATUS_OK;
}

static uint64_t descending_place(const void *state, uint64_t position) {
  return ((const struct priced_block *)state)[position].block;
}

const struct order descending_order = {
    .name = "descending",
    .summary = "the most expensive first, where the workload knows",
    .needs_cost = true,
    .open = descending_open,
    .place = descending_place,
    .close = free,
};
