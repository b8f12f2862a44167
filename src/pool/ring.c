#include "pool/ring.h"

void ring_clear(struct ring *ring) {
  atomic_store(&ring->taken, 0);
  atomic_store(&ring->put, 0);
  ring->items = 0;
}

static size_t place_of(uint64_t ticket) {
  return ticket % RING_PLACES;
}

void ring_put(struct ring *ring, struct range range) {
  uint64_t ticket = atomic_load_explicit(&ring->put, memory_order_relaxed);
  struct ring_place *place = &ring->places[place_of(ticket)];
  atomic_store_explicit(&place->lo, range.lo, memory_order_relaxed);
  atomic_store_explicit(&place->hi, range.hi, memory_order_relaxed);
  ring->before[place_of(ticket)] = ring->items;
  ring->items += range_length(range);
  atomic_store_explicit(&ring->put, ticket + 1, memory_order_release);
}

/* The acquiring load in these two, with the releasing exchange in ring_take, orders a taker's reads
   of a place before the next range is put there. */
uint64_t ring_count(const struct ring *ring) {
  return atomic_load_explicit(&ring->put, memory_order_relaxed) -
         atomic_load_explicit(&ring->taken, memory_order_acquire);
}

uint64_t ring_items(const struct ring *ring) {
  uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
  uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
  return taken == put ? 0 : ring->items - ring->before[place_of(taken)];
}

/* A handful only while it is a small part of what is there: with few ranges in the ring each is
   long, and must not wait in the hand of one thread while another has none. */
static size_t handful(uint64_t count, size_t takers) {
  uint64_t share = count / (2 * takers);
  return share < 1 ? 1 : share > RING_HANDFUL ? RING_HANDFUL : (size_t)share;
}

size_t ring_take(struct ring *ring, size_t takers, struct range *range) {
  /* Acquiring, so that `put` is not seen older than what was taken of it. */
  uint64_t ticket = atomic_load_explicit(&ring->taken, memory_order_acquire);
  for (;;) {
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_acquire);
    if (put - ticket - 1 >= RING_PLACES) {
      /* Nothing there; or the ticket is so old that the ring has gone round: look again. */
      uint64_t now = atomic_load_explicit(&ring->taken, memory_order_acquire);
      if (now == ticket) {
        return 0;
      }
      ticket = now;
      continue;
    }
    size_t count = handful(put - ticket, takers);
    for (size_t i = 0; i < count; i++) {
      const struct ring_place *place = &ring->places[place_of(ticket + i)];
      range[i].lo = atomic_load_explicit(&place->lo, memory_order_relaxed);
      range[i].hi = atomic_load_explicit(&place->hi, memory_order_relaxed);
    }
    /* What was read may be of the next round by now; then others have taken it, and this fails. */
    if (atomic_compare_exchange_weak_explicit(&ring->taken, &ticket, ticket + count,
                                              memory_order_acq_rel, memory_order_acquire)) {
      return count;
    }
  }
}
