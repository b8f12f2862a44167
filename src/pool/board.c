#include "pool/board.h"

#include <assert.h>

#include "pool/speed.h"

/* Processes share the board: a lock hidden in the C library would be another one in each. */
static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(uint64_t) == sizeof(long long),
              "64-bit atomics must be lock-free");

static const uint64_t unit_mask = (UINT64_C(1) << BOARD_UNIT_BITS) - 1;

static uint64_t epoch_of(uint64_t ticket) {
  return ticket >> BOARD_UNIT_BITS;
}

void board_clear(struct board *board) {
  atomic_store(&board->ticket, 0); /* epoch 0 has a chunk of no units: all of it is drawn */
  for (int i = 0; i < 2; i++) {
    atomic_store(&board->chunk[i].first, 0);
    atomic_store(&board->chunk[i].units, 0);
  }
  atomic_store(&board->published, 0);
  atomic_store(&board->final, 0);
  atomic_store(&board->fetching, 0);
  atomic_store(&board->speed_sum, 0);
  atomic_store(&board->speed_count, 0);
  board->supplied = 0;
}

/* The present chunk is drawn: go on to the next one if it is there. */
static enum board_draw turn_page(struct board *board, uint64_t ticket) {
  uint64_t epoch = epoch_of(ticket);
  bool is_final = atomic_load(&board->final) != 0;
  if (atomic_load(&board->published) == epoch) {
    return is_final ? BOARD_FINISHED : BOARD_EMPTY;
  }
  /* Whoever is first turns the page; for the others the ticket has changed. */
  atomic_compare_exchange_strong(&board->ticket, &ticket, (epoch + 1) << BOARD_UNIT_BITS);
  return BOARD_DRAWN;
}

enum board_draw board_draw(struct board *board,
                           uint64_t (*size)(void *data, uint64_t units, uint64_t remaining),
                           void *data, uint64_t *first, uint64_t *units, bool *low) {
  for (;;) {
    uint64_t ticket = atomic_load(&board->ticket);
    const struct board_chunk *chunk = &board->chunk[epoch_of(ticket) & 1];
    uint64_t start = atomic_load(&chunk->first);
    uint64_t length = atomic_load(&chunk->units);
    uint64_t drawn = ticket & unit_mask;
    if (drawn >= length) {
      enum board_draw result = turn_page(board, ticket);
      if (result != BOARD_DRAWN) {
        return result;
      }
      continue;
    }
    uint64_t wanted = size(data, length, length - drawn);
    /* A page can turn while we look. With the final chunk on the board none will turn any more (its
       epoch was compared by the ticket), and an addition cannot fail; else the exchange makes sure
       that start and length belong to what is drawn: their place is written again only in a later
       epoch. */
    if (atomic_load(&board->final) != 0 && atomic_load(&board->published) == epoch_of(ticket)) {
      drawn = atomic_fetch_add(&board->ticket, wanted) & unit_mask;
      if (drawn >= length) {
        return BOARD_FINISHED;
      }
    } else if (!atomic_compare_exchange_weak(&board->ticket, &ticket, ticket + wanted)) {
      continue;
    }
    *first = start + drawn;
    *units = wanted < length - drawn ? wanted : length - drawn;
    *low = drawn + wanted >= length / 2;
    return BOARD_DRAWN;
  }
}

void board_look_at_final(struct board *board, struct board_final *final) {
  if (atomic_load(&board->final) != 0) {
    uint64_t epoch = atomic_load(&board->published);
    if (epoch_of(atomic_load(&board->ticket)) == epoch) {
      const struct board_chunk *chunk = &board->chunk[epoch & 1];
      *final = (struct board_final){true, atomic_load(&chunk->first), atomic_load(&chunk->units)};
    }
  }
}

enum board_draw board_draw_final(struct board *board, const struct board_final *final,
                                 uint64_t wanted, uint64_t *first, uint64_t *units) {
  uint64_t drawn = atomic_fetch_add(&board->ticket, wanted) & unit_mask;
  if (drawn >= final->units) {
    return BOARD_FINISHED;
  }
  *first = final->first + drawn;
  *units = wanted < final->units - drawn ? wanted : final->units - drawn;
  return BOARD_DRAWN;
}

uint64_t board_left(const struct board *board) {
  uint64_t ticket = atomic_load(&board->ticket);
  uint64_t epoch = epoch_of(ticket);
  uint64_t drawn = ticket & unit_mask;
  uint64_t units = atomic_load(&board->chunk[epoch & 1].units);
  uint64_t left = drawn < units ? units - drawn : 0;
  if (atomic_load(&board->published) > epoch) {
    left += atomic_load(&board->chunk[(epoch + 1) & 1].units);
  }
  return left;
}

double board_weigh(struct board *board, uint64_t old_speed, uint64_t new_speed) {
  if (old_speed == 0 && new_speed > 0) {
    atomic_fetch_add(&board->speed_count, 1);
  }
  uint64_t sum = atomic_fetch_add(&board->speed_sum, new_speed - old_speed) + new_speed - old_speed;
  return speed_weight(new_speed, sum, atomic_load(&board->speed_count));
}

bool board_may_fetch(struct board *board) {
  uint64_t published = atomic_load(&board->published);
  uint64_t epoch = epoch_of(atomic_load(&board->ticket));
  if (atomic_load(&board->final) != 0 || published != epoch) {
    return false;
  }
  /* `fetching` is published while nobody fetches, and one more while somebody does. */
  return atomic_compare_exchange_strong(&board->fetching, &published, published + 1);
}

void board_publish(struct board *board, uint64_t first, uint64_t units, bool is_last) {
  uint64_t next = atomic_load(&board->published) + 1;
  if (units == 0) {
    atomic_store(&board->final, 1);
    return;
  }
  struct board_chunk *chunk = &board->chunk[next & 1];
  atomic_store(&chunk->first, first);
  atomic_store(&chunk->units, units);
  /* `final` means that none follows the published one, so it may be set only with it; a reader
     takes it for the present chunk only if that one is the published one. */
  if (is_last) {
    atomic_store(&board->published, next);
    atomic_store(&board->final, 1);
  } else {
    atomic_store(&board->published, next);
  }
}
