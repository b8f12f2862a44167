/* The ring of drawn ranges: what goes in comes out once and in order, whoever takes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "pool/ring.h"
#include "unit/contention.h"

enum { TAKERS = 4, RANGES = 300000, FEWEST = 10000 };

static void what_went_in_comes_out(void **state) {
  (void)state;
  struct ring *ring = aligned_alloc(_Alignof(struct ring), sizeof *ring);
  struct range taken[RING_HANDFUL];
  assert_non_null(ring);
  ring_clear(ring);
  assert_int_equal(ring_take(ring, 1, taken), 0);
  assert_int_equal(ring_count(ring), 0);
  assert_int_equal(ring_items(ring), 0);
  /* Several rounds of it, so that places are used again. */
  uint64_t next = 0;
  uint64_t expected = 0;
  for (int round = 0; round < 50; round++) {
    uint64_t items = 0;
    for (uint64_t i = 0; i < 100; i++) {
      ring_put(ring, (struct range){next, next + i});
      next += i;
      items += i;
    }
    assert_int_equal(ring_count(ring), 100);
    assert_int_equal(ring_items(ring), items);
    while (ring_count(ring) > 0) {
      size_t count = ring_take(ring, 2, taken);
      assert_true(count > 0);
      for (size_t i = 0; i < count; i++) {
        assert_int_equal(taken[i].lo, expected);
        expected = taken[i].hi;
        items -= range_length(taken[i]);
      }
      assert_int_equal(ring_items(ring), items);
    }
    assert_int_equal(expected, next);
    assert_int_equal(ring_take(ring, 2, taken), 0);
  }
  free(ring);
}

/* Many are taken together only where all can have as many; the last ones singly. */
static void handfuls(void **state) {
  (void)state;
  static const struct {
    uint64_t count;
    size_t takers, handful;
  } cases[] = {{1, 1, 1},    {1, 8, 1},   {3, 1, 1},
               {4, 1, 2},    {16, 8, 1},  {32, 8, 2},
               {320, 8, 16}, {48, 2, 12}, {RING_PLACES, 1, RING_HANDFUL}};
  struct ring *ring = aligned_alloc(_Alignof(struct ring), sizeof *ring);
  struct range taken[RING_HANDFUL];
  assert_non_null(ring);
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    ring_clear(ring);
    for (uint64_t i = 0; i < cases[c].count; i++) {
      ring_put(ring, (struct range){i, i + 1});
    }
    assert_int_equal(ring_take(ring, cases[c].takers, taken), cases[c].handful);
  }
  free(ring);
}

/* Takers as threads, beside one that puts in. */
struct shared {
  struct ring ring;
  atomic_bool drained;
  atomic_uchar met[RANGES]; /* how often each range came out */
  atomic_int wrong;         /* ranges that never went in, or came out of order for one taker */
};

static uint64_t length_of(uint64_t number) {
  return number % 5 + 1;
}

static void *take_all(void *data) {
  struct shared *shared = data;
  struct range taken[RING_HANDFUL];
  uint64_t last = 0;
  for (;;) {
    bool drained = atomic_load(&shared->drained);
    size_t count = ring_take(&shared->ring, TAKERS, taken);
    if (count == 0 && drained) {
      return NULL;
    }
    if (count == 0) {
      sched_yield();
    }
    for (size_t i = 0; i < count; i++) {
      uint64_t number = taken[i].lo / 8;
      if (number >= RANGES || taken[i].lo % 8 != 0 || taken[i].lo < last ||
          range_length(taken[i]) != length_of(number)) {
        atomic_fetch_add(&shared->wrong, 1);
        continue;
      }
      last = taken[i].lo;
      atomic_fetch_add(&shared->met[number], 1);
    }
  }
}

static void every_range_once_under_contention(void **state) {
  (void)state;
  /* From a ring that is hardly ever filled to one that is always full. */
  static const uint64_t depths[] = {1, 3, 40, RING_PLACES};
  struct shared *shared = aligned_alloc(_Alignof(struct shared), sizeof *shared);
  assert_non_null(shared);
  for (size_t d = 0; d < sizeof depths / sizeof depths[0]; d++) {
    memset(shared, 0, sizeof *shared);
    ring_clear(&shared->ring);
    pthread_t threads[TAKERS];
    start_threads(threads, TAKERS, take_all, shared);
    int too_many_items = 0;
    uint64_t number = 0;
    double start = clock_seconds();
    /* Where hands change slowly, fewer suffice; the clock is not looked at each time. */
    while (number < RANGES && (number < FEWEST || number % 1024 || clock_seconds() < start + 2)) {
      if (ring_count(&shared->ring) < depths[d]) {
        ring_put(&shared->ring, (struct range){8 * number, 8 * number + length_of(number)});
        number++;
      } else {
        sched_yield();
      }
      too_many_items += ring_items(&shared->ring) > 5 * depths[d];
    }
    atomic_store(&shared->drained, true);
    join_threads(threads, TAKERS);
    expect_each_once(shared->met, number);
    for (; number < RANGES; number++) {
      assert_int_equal(shared->met[number], 0);
    }
    assert_int_equal(shared->wrong, 0);
    assert_int_equal(too_many_items, 0);
    assert_int_equal(ring_count(&shared->ring), 0);
    assert_int_equal(ring_items(&shared->ring), 0);
  }
  free(shared);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_went_in_comes_out),
      cmocka_unit_test(handfuls),
      cmocka_unit_test(every_range_once_under_contention),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
