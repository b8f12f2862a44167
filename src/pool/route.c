#include "pool/route.h"

#include <stddef.h>

/* Without --chunk a worker meets this many blocks: enough to mix well, few enough that calls of the
   workload stay long. */
static const uint64_t BLOCKS_PER_WORKER = 64;

static uint64_t greater(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

static uint64_t round_up(uint64_t items, uint64_t grain) {
  uint64_t rest = items % grain;
  return rest == 0 ? items : items + (grain - rest);
}

/* A chunk of --chunk items stays in one piece. */
static uint64_t block_of(const struct workload *workload, const struct job *job,
                         const struct hand_out *hand_out) {
  if (hand_out->chunk > 0) {
    return hand_out->chunk >= hand_out->items ? hand_out->items
                                              : round_up(hand_out->chunk, hand_out->grain);
  }
  uint64_t shortest = workload->shortest_call == NULL ? 1 : workload->shortest_call(job);
  uint64_t share = hand_out->items / (BLOCKS_PER_WORKER * job->workers);
  return round_up(greater(share, shortest), hand_out->grain);
}

static double cost_of_block(const void *data, uint64_t index) {
  const struct route *route = data;
  struct range items = {index * route->block, (index + 1) * route->block};
  return route->workload->cost(route->job, items);
}

enum status route_open(struct route *route, const struct order *order,
                       const struct workload *workload, const struct job *job,
                       const struct hand_out *hand_out, int node_ranks, struct fault *fault) {
  *route = (struct route){.order = order, .workload = workload, .job = job, .block = 1};
  if (order->place == NULL || hand_out->items == 0) {
    return STATUS_OK;
  }
  route->block = block_of(workload, job, hand_out);
  uint64_t blocks = hand_out->items / route->block;
  route->whole = blocks * route->block;
  if (blocks == 0) {
    return STATUS_OK;
  }
  struct order_view view = {.blocks = blocks,
                            .key = job->seed,
                            .cost = workload->cost == NULL ? NULL : cost_of_block,
                            .data = route,
                            .copies = (uint64_t)node_ranks};
  return order->open(&view, &route->state, fault);
}

struct range route_take(const struct route *route, struct range *positions) {
  struct range taken = *positions;
  if (taken.lo < route->whole) {
    uint64_t index = taken.lo / route->block;
    uint64_t offset = taken.lo % route->block;
    uint64_t rest = route->block - offset;
    uint64_t length = range_length(taken) < rest ? range_length(taken) : rest;
    positions->lo += length;
    uint64_t lo = route->order->place(route->state, index) * route->block + offset;
    return (struct range){lo, lo + length};
  }
  positions->lo = positions->hi;
  return taken;
}

bool route_is_over(const struct route *route, uint64_t position, uint64_t limit) {
  return limit == 0 || (position >= route->whole && limit <= position);
}

void route_close(struct route *route) {
  if (route->whole > 0) {
    route->order->close(route->state);
  }
  *route = (struct route){0};
}
