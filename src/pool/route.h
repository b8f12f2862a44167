/* The way through the index space: dispatchers hand out positions, and the route says which items
   stand there. The index space is cut into blocks, and an order (orders/order.h) says which block
   comes when; what is left over after the last whole block comes last. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/range.h"
#include "orders/order.h"
#include "pool/dispatcher.h"
#include "workloads/workload.h"

struct route {
  const struct order *order;
  void *state;    /* the order's */
  uint64_t block; /* items of one */
  uint64_t whole; /* positions in whole blocks */
  const struct workload *workload;
  const struct job *job;
};

/* Not collective, but alike on all ranks, of which there are `node_ranks` on this node.
   STATUS_USAGE when the order needs costs that the workload does not know. The route must stay
   where it is until route_close.
 */
enum status route_open(struct route *route, const struct order *order,
                       const struct workload *workload, const struct job *job,
                       const struct hand_out *hand_out, int node_ranks, struct fault *fault);

/* Take the first positions off `positions` (not empty), as many as lie in one piece: their items.
   Any thread. */
struct range route_take(const struct route *route, struct range *positions);

/* Whether nothing at or after a position can be needed, when items at or above `limit` are not. */
bool route_is_over(const struct route *route, uint64_t position, uint64_t limit);

void route_close(struct route *route);
