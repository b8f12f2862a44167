/* The node's board under threads that draw at the same time: every unit exactly once, through many
   epochs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "pool/board.h"
#include "unit/contention.h"

enum { THREADS = 4, UNITS = 200000 };

struct shared {
  struct board board;
  uint64_t portion;                   /* units that a fetch brings */
  uint64_t draw;                      /* units of a draw; 0: an eighth of what is left */
  bool announce_last;                 /* the last portion is published as such */
  _Atomic uint64_t fetches, fetching; /* now under way: never two */
  _Atomic uint64_t overlaps;
  _Atomic uint64_t looks;
  atomic_uchar done[UNITS];
};

static uint64_t draw_size(void *data, uint64_t units, uint64_t remaining) {
  struct shared *shared = data;
  (void)units;
  /* Between the look at the board and the draw: a rank that loses its core here must not draw from
     a chunk that it did not look at. */
  if (atomic_fetch_add(&shared->looks, 1) % 16 == 0) {
    sched_yield();
  }
  return shared->draw != 0 ? shared->draw : remaining / 8 + 1;
}

static void fetch(struct shared *shared) {
  struct board *board = &shared->board;
  if (atomic_fetch_add(&shared->fetching, 1) != 0) {
    atomic_fetch_add(&shared->overlaps, 1);
  }
  uint64_t left = UNITS - board->supplied;
  uint64_t units = left < shared->portion ? left : shared->portion;
  uint64_t first = board->supplied;
  board->supplied += units;
  atomic_fetch_add(&shared->fetches, 1);
  atomic_fetch_sub(&shared->fetching, 1);
  board_publish(board, first, units, shared->announce_last && board->supplied == UNITS);
}

static void *draw_all(void *data) {
  struct shared *shared = data;
  for (;;) {
    uint64_t first;
    uint64_t units;
    bool low = false;
    enum board_draw result = board_draw(&shared->board, draw_size, shared, &first, &units, &low);
    if (result == BOARD_FINISHED) {
      return NULL;
    }
    if (result == BOARD_DRAWN) {
      for (uint64_t unit = first; unit < first + units; unit++) {
        atomic_fetch_add(&shared->done[unit], 1);
      }
    }
    if ((result == BOARD_EMPTY || low) && board_may_fetch(&shared->board)) {
      fetch(shared);
    } else if (result == BOARD_EMPTY) {
      sched_yield();
    }
  }
}

static void every_unit_once(void **state) {
  (void)state;
  static const uint64_t portions[] = {1, 3, 64, 1000, UNITS};
  static const uint64_t draws[] = {1, 5, 0, 5000};
  struct shared *shared = aligned_alloc(64, (sizeof *shared + 63) / 64 * 64);
  assert_non_null(shared);
  for (size_t p = 0; p < sizeof portions / sizeof portions[0]; p++) {
    for (size_t d = 0; d < sizeof draws / sizeof draws[0]; d++) {
      memset(shared, 0, sizeof *shared);
      board_clear(&shared->board);
      shared->portion = portions[p];
      shared->draw = draws[d];
      shared->announce_last = (p + d) % 2 == 0;
      pthread_t threads[THREADS];
      start_threads(threads, THREADS, draw_all, shared);
      join_threads(threads, THREADS);
      expect_each_once(shared->done, UNITS);
      assert_int_equal(shared->overlaps, 0);
      assert_true(shared->fetches >= UNITS / portions[p]);
    }
  }
  free(shared);
}

static void nothing_to_draw(void **state) {
  (void)state;
  struct shared *shared = aligned_alloc(64, (sizeof *shared + 63) / 64 * 64);
  assert_non_null(shared);
  memset(shared, 0, sizeof *shared);
  board_clear(&shared->board);
  uint64_t first;
  uint64_t units;
  bool low;
  shared->draw = 1;
  assert_int_equal(board_draw(&shared->board, draw_size, shared, &first, &units, &low),
                   BOARD_EMPTY);
  assert_true(board_may_fetch(&shared->board));
  assert_false(board_may_fetch(&shared->board)); /* somebody does */
  board_publish(&shared->board, 0, 0, false);
  assert_int_equal(board_draw(&shared->board, draw_size, shared, &first, &units, &low),
                   BOARD_FINISHED);
  assert_false(board_may_fetch(&shared->board));
  free(shared);
}

static void weights_have_the_mean_one(void **state) {
  (void)state;
  struct board board;
  board_clear(&board);
  assert_true(board_weigh(&board, 0, 0) == 1);    /* nothing known */
  assert_true(board_weigh(&board, 0, 1000) == 1); /* the only one known */
  assert_true(board_weigh(&board, 0, 3000) == 1.5);
  assert_true(board_weigh(&board, 1000, 3000) == 1);
}

static uint64_t draw_four(void *data, uint64_t units, uint64_t remaining) {
  (void)data, (void)units, (void)remaining;
  return 4;
}

/* Blind draws are of the final chunk only, and take all of it once. */
static void blind_draws_take_the_final_chunk_once(void **state) {
  (void)state;
  struct board board;
  struct board_final final = {0};
  board_clear(&board);
  board_look_at_final(&board, &final);
  assert_false(final.known);
  assert_true(board_may_fetch(&board));
  board_publish(&board, 100, 10, false);
  board_look_at_final(&board, &final);
  assert_false(final.known); /* another may follow */
  uint64_t first;
  uint64_t units;
  bool low;
  assert_int_equal(board_draw(&board, draw_four, NULL, &first, &units, &low), BOARD_DRAWN);
  assert_true(board_may_fetch(&board));
  board_publish(&board, 500, 7, true);
  board_look_at_final(&board, &final);
  assert_false(final.known); /* the chunk before it is not drawn yet */
  while (board_draw(&board, draw_four, NULL, &first, &units, &low) == BOARD_DRAWN && first < 500) {
  }
  assert_int_equal(first, 500);
  board_look_at_final(&board, &final);
  assert_true(final.known && final.first == 500 && final.units == 7);
  assert_int_equal(board_draw_final(&board, &final, 2, &first, &units), BOARD_DRAWN);
  assert_true(first == 504 && units == 2);
  assert_int_equal(board_draw_final(&board, &final, 2, &first, &units), BOARD_DRAWN);
  assert_true(first == 506 && units == 1);
  assert_int_equal(board_draw_final(&board, &final, 2, &first, &units), BOARD_FINISHED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_unit_once),
      cmocka_unit_test(nothing_to_draw),
      cmocka_unit_test(weights_have_the_mean_one),
      cmocka_unit_test(blind_draws_take_the_final_chunk_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
