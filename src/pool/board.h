/* The board of a node: where its ranks draw work from, by atomic operations in shared memory.

   The board holds one chunk, [first, first + units) in units of the hand-out, and how much of it
   has been drawn; and the next chunk as soon as somebody has fetched it. One 64-bit ticket holds
   both the number of the chunk (its epoch) and what was drawn of it, so a draw can never take from
   a chunk that it did not look at. Epochs do not repeat within a job. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { BOARD_UNIT_BITS = 40 };

struct board_chunk {
  _Atomic uint64_t first, units;
};

struct board {
  _Alignas(64) _Atomic uint64_t ticket;     /* epoch << BOARD_UNIT_BITS | units drawn */
  _Alignas(64) struct board_chunk chunk[2]; /* of the present epoch and the next, by parity */
  _Atomic uint64_t published;               /* the last epoch whose chunk is there */
  _Atomic uint64_t final;                   /* 1: no chunk follows the last one published */
  _Atomic uint64_t fetching;                /* the epoch that somebody fetches or has fetched */
  _Atomic uint64_t speed_sum, speed_count;  /* of the ranks that know theirs (pool/speed.h) */
  uint64_t supplied; /* for the rank that fetches, where chunks come from the node itself: units
                        that went into chunks so far */
};

/* The most units that a chunk may have: at its end every rank may add a whole chunk once more. */
static inline uint64_t board_max_units(uint64_t ranks) {
  return (UINT64_C(1) << BOARD_UNIT_BITS) / (ranks + 2);
}

enum board_draw {
  BOARD_DRAWN,   /* *first and *units are the caller's */
  BOARD_EMPTY,   /* all is drawn, and the next chunk is not there yet */
  BOARD_FINISHED /* all is drawn, and no chunk follows */
};

/* One rank, before the others start: an empty board that waits for its first chunk. */
void board_clear(struct board *board);

/* Draw size(data, units, remaining) units of the present chunk (fewer at its end). Any rank.
 *low: this draw left less than half of the chunk, so it is time to fetch the next one. */
enum board_draw board_draw(struct board *board,
                           uint64_t (*size)(void *data, uint64_t units, uint64_t remaining),
                           void *data, uint64_t *first, uint64_t *units, bool *low);

/* Units of the published chunks that are not drawn yet; an estimate while others draw. */
uint64_t board_left(const struct board *board);

/* Replace a rank's old speed (0 at first) by the new one; its weight among the node's ranks. */
double board_weigh(struct board *board, uint64_t old_speed, uint64_t new_speed);

/* What a rank knows of the board's final chunk, once it has drawn of it: that never changes. */
struct board_final {
  bool known;
  uint64_t first, units;
};

/* Whether the chunk on the board is the final one, and which that is. Any rank. */
void board_look_at_final(struct board *board, struct board_final *final);

/* Draw `wanted` units of the final chunk (fewer at its end) without looking at the board before:
   half the traffic between cores. */
enum board_draw board_draw_final(struct board *board, const struct board_final *final,
                                 uint64_t wanted, uint64_t *first, uint64_t *units);

/* True for one caller an epoch: it fetches the next chunk, and publishes it. */
bool board_may_fetch(struct board *board);

/* Publish the next chunk; units 0: there is none, the last one published was the final one.
   `is_last`: none will follow this one. */
void board_publish(struct board *board, uint64_t first, uint64_t units, bool is_last);
