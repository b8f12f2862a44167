/* Schedules: the published sequences, and chunks in range whatever the view. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schedules/schedule.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define MOST_CHUNKS 100000
#define TOP ((uint64_t)1 << 63)

#define SCHEDULE_LIST(name) &name##_schedule,
static const struct schedule *const all[] = {SCHEDULES(SCHEDULE_LIST)};

/* The first view of a job, by a worker of mean speed. */
static struct schedule_view view_of(uint64_t items, uint64_t workers, uint64_t chunk) {
  return (struct schedule_view){
      .items = items, .remaining = items, .workers = workers, .chunk = chunk, .weight = 1};
}

static uint64_t draw(const struct schedule *schedule, const struct schedule_view *view) {
  uint64_t chunk = schedule->chunk(view);
  assert_true(chunk >= 1);
  assert_true(chunk <= view->remaining);
  return chunk;
}

static uint64_t random_bits(void) {
  static uint64_t state = 88172645463325252;
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* 1 ... limit, small ones as often as large ones. */
static uint64_t random_size(uint64_t limit) {
  return 1 + (random_bits() >> (random_bits() % 64)) % limit;
}

/* --- Sequences of the literature, as numbers --- */

static void expect(const char *name, uint64_t items, uint64_t workers, uint64_t chunk,
                   const double *weights, const uint64_t *sizes) {
  const struct schedule *schedule = schedule_find(name);
  struct schedule_view view = view_of(items, workers, chunk);
  for (uint64_t i = 0; view.remaining > 0; i++) {
    view.weight = weights == NULL ? 1 : weights[i % workers];
    uint64_t size = draw(schedule, &view);
    assert_int_equal(size, sizes[i]);
    view.remaining -= size;
  }
}
#define EXPECT(name, items, workers, chunk, ...)                                                   \
  expect(name, items, workers, chunk, NULL, (const uint64_t[]){__VA_ARGS__})
#define FOUR(size) size, size, size, size

static void published_tables(void **state) {
  (void)state;
  EXPECT("static", 1000, 4, 0, FOUR(250));
  EXPECT("static", 10, 4, 0, 3, 3, 3, 1);
  EXPECT("static", 1000, 4, 300, 300, 300, 300, 100);
  EXPECT("dynamic", 5, 4, 0, 1, 1, 1, 1, 1);
  EXPECT("dynamic", 10, 4, 4, 4, 4, 2);
  EXPECT("guided", 1000, 4, 0, 250, 188, 141, 106, 79, 59, 45, 33, 25, 19, 14, 11, 8, 6, 4, 3, 3, 2,
         1, 1, 1, 1);
  EXPECT("guided", 100, 4, 0, 25, 19, 14, 11, 8, 6, 5, 3, 3, 2, 1, 1, 1, 1);
  EXPECT("guided", 100, 4, 10, 25, 19, 14, 11, 10, 10, 10, 1);
  EXPECT("factoring", 100, 4, 0, FOUR(13), FOUR(6), FOUR(3), FOUR(2), FOUR(1));
  EXPECT("factoring", 1000, 4, 0, FOUR(125), FOUR(63), FOUR(31), FOUR(16), FOUR(8), FOUR(4),
         FOUR(2), FOUR(1));
  EXPECT("factoring", 1000, 4, 40, FOUR(125), FOUR(63), FOUR(40), 40, 40, 8);
  EXPECT("adaptive", 100, 4, 0, FOUR(13), FOUR(6), FOUR(3), FOUR(2), FOUR(1));
}

/* f = 125, l = 1, n = 16 and d = 124/15; then f = 61, n = 16 and d = 4; then --chunk 21: n = 12 and
   d = 40/11. The last of the n chunks are cut off where the items end. */
static void trapezoid_tables(void **state) {
  (void)state;
  EXPECT("trapezoid", 1000, 4, 0, 125, 117, 108, 100, 92, 84, 75, 67, 59, 51, 42, 34, 26, 18, 2);
  EXPECT("trapezoid", 488, 4, 0, 61, 57, 53, 49, 45, 41, 37, 33, 29, 25, 21, 17, 13, 7);
  EXPECT("trapezoid", 488, 4, 21, 61, 57, 54, 50, 46, 43, 39, 36, 32, 28, 25, 17);
  EXPECT("trapezoid", 100, 4, 20, 20, 20, 20, 20, 20);
  EXPECT("trapezoid", 3, 8, 0, 1, 1, 1);
}

/* Weights that halve evenly, so that a batch is used up by one chunk of each worker. */
static void adaptive_tables(void **state) {
  (void)state;
  static const double weights[] = {2, 1, 0.5, 0.5};
  expect("adaptive", 64, 4, 0, weights,
         (const uint64_t[]){16, 8, 4, 4, 8, 4, 2, 2, 4, 2, 1, 1, 2, 1, 1, 1, 2, 1});
  expect("adaptive", 64, 4, 3, weights, (const uint64_t[]){16, 8, 4, 4, 8, 4, 3, 3, 4, 3, 3, 3, 1});
}

/* --- The published algorithms, step by step --- */

struct steps {
  uint64_t count, sizes[MOST_CHUNKS];
};
static struct steps published;

static void publish(uint64_t size, uint64_t least, uint64_t *left) {
  size = size < least ? least : size;
  size = size > *left ? *left : size;
  assert_true(published.count < MOST_CHUNKS);
  published.sizes[published.count++] = size;
  *left -= size;
}

static void publish_guided(uint64_t items, uint64_t workers, uint64_t least) {
  for (published.count = 0; items > 0;) {
    publish((items + workers - 1) / workers, least, &items);
  }
}

static void publish_factoring(uint64_t items, uint64_t workers, uint64_t least) {
  for (published.count = 0; items > 0;) {
    uint64_t size = (items + 2 * workers - 1) / (2 * workers);
    for (uint64_t worker = 0; worker < workers && items > 0; worker++) {
      publish(size, least, &items);
    }
  }
}

static void publish_static(uint64_t items, uint64_t workers, uint64_t blocks) {
  uint64_t size = blocks > 0 ? blocks : (items + workers - 1) / workers;
  for (published.count = 0; items > 0;) {
    publish(size, 1, &items);
  }
}

static void publish_dynamic(uint64_t items, uint64_t workers, uint64_t size) {
  (void)workers;
  for (published.count = 0; items > 0;) {
    publish(size, 1, &items);
  }
}

static void expect_published(const struct schedule *schedule, uint64_t items, uint64_t workers,
                             uint64_t chunk) {
  struct schedule_view view = view_of(items, workers, chunk);
  for (uint64_t i = 0; i < published.count; i++) {
    uint64_t size = draw(schedule, &view);
    assert_int_equal(size, published.sizes[i]);
    view.remaining -= size;
  }
  assert_int_equal(view.remaining, 0);
}

static void published_algorithms(void **state) {
  (void)state;
  static const struct {
    const struct schedule *schedule;
    void (*publish)(uint64_t items, uint64_t workers, uint64_t chunk);
  } pairs[] = {{&static_schedule, publish_static},
               {&dynamic_schedule, publish_dynamic},
               {&guided_schedule, publish_guided},
               {&factoring_schedule, publish_factoring},
               {&adaptive_schedule, publish_factoring}}; /* all weights 1 */
  for (int round = 0; round < 2000; round++) {
    uint64_t items = random_size(MOST_CHUNKS);
    uint64_t workers = random_size(2000);
    uint64_t chunk = random_bits() % 2 == 0 ? 0 : random_size(1000);
    for (size_t p = 0; p < LENGTH(pairs); p++) {
      pairs[p].publish(items, workers, chunk);
      expect_published(pairs[p].schedule, items, workers, chunk);
    }
  }
}

/* Real sizes have to be rounded, and what one chunk got too much the next ones get too little: each
   is within 1 of the published size, and equal to it where that is an integer at every step. Their
   number is the published one, or up to 1/16 more where f = 2 and l = 1 leave no sizes between. */
static void check_trapezoid(uint64_t items, uint64_t workers, uint64_t chunk) {
  uint64_t first = (items + 2 * workers - 1) / (2 * workers);
  uint64_t last = chunk > 0 ? chunk : 1;
  last = last > first ? first : last;
  uint64_t steps = (2 * items + first + last - 1) / (first + last);
  long double decrement = steps > 1 ? (long double)(first - last) / (long double)(steps - 1) : 0;
  int even = steps > 1 && (first - last) % (steps - 1) == 0;

  struct schedule_view view = view_of(items, workers, last);
  uint64_t step = 0;
  for (uint64_t before = first; view.remaining > 0; step++) {
    uint64_t size = draw(&trapezoid_schedule, &view);
    long double exact = (long double)first - (long double)step * decrement;
    if (size < view.remaining) { /* the last one is cut */
      assert_true(fabsl((long double)size - exact) <= (even ? 0 : 1));
    }
    assert_true(size <= before);
    before = size;
    view.remaining -= size;
  }
  assert_true(step <= steps + steps / 16 + 1);
}

static void trapezoid_falls_linearly(void **state) {
  (void)state;
  for (int round = 0; round < 5000; round++) {
    uint64_t items = random_size((uint64_t)1 << 40);
    uint64_t workers = random_size(5000);
    check_trapezoid(items, workers, random_bits() % 2 == 0 ? 0 : random_size(1000));
  }
  for (uint64_t items = 1; items <= 300; items++) {
    for (uint64_t workers = 1; workers <= 40; workers++) {
      check_trapezoid(items, workers, items % 7);
    }
  }
}

/* --- Whatever the view --- */

static double random_weight(void) {
  static const double weights[] = {1,        0,   -1,        0.125, 8,    1e-300, 1e300,
                                   INFINITY, NAN, -INFINITY, 0.3,   2.75, 7.999};
  return weights[random_bits() % LENGTH(weights)];
}

static void chunks_are_in_range(void **state) {
  (void)state;
  for (int round = 0; round < 1000000; round++) {
    struct schedule_view view = view_of(random_size(TOP), random_size(1 << 24), 0);
    view.remaining = random_size(view.items);
    view.chunk = random_bits() % 2 == 0 ? 0 : random_size(UINT64_MAX);
    view.weight = random_weight();
    for (size_t s = 0; s < LENGTH(all); s++) {
      draw(all[s], &view);
    }
  }
}

static void chunks_are_in_range_at_the_ends(void **state) {
  (void)state;
  static const uint64_t items[] = {1, 2, 3, 4, 5, 16777216, TOP - 1, TOP};
  static const uint64_t workers[] = {1, 2, 3, 16777215, 16777216};
  static const uint64_t chunks[] = {0, 1, 2, TOP - 1, TOP, UINT64_MAX};
  for (size_t i = 0; i < LENGTH(items); i++) {
    for (size_t w = 0; w < LENGTH(workers); w++) {
      for (size_t c = 0; c < LENGTH(chunks); c++) {
        struct schedule_view view = view_of(items[i], workers[w], chunks[c]);
        const uint64_t left[] = {items[i], items[i] - items[i] / 2, items[i] / 3 + 1, 1};
        for (size_t r = 0; r < LENGTH(left) * LENGTH(all); r++) {
          view.remaining = left[r % LENGTH(left)];
          view.weight = random_weight();
          draw(all[r / LENGTH(left)], &view);
        }
      }
    }
  }
}

/* 2^63 items go in about as many chunks as the formulas say: nothing decays into single items. */
static void the_largest_jobs_end(void **state) {
  (void)state;
  static const uint64_t chunks[] = {0, 1, 1000, (uint64_t)1 << 50};
  for (size_t s = 0; s < LENGTH(all); s++) {
    for (size_t c = 0; c < LENGTH(chunks); c++) {
      if (all[s] == &dynamic_schedule || (all[s] == &static_schedule && chunks[c] > 0)) {
        continue; /* a million chunks or more, by definition */
      }
      struct schedule_view view = view_of(TOP, 1000, chunks[c]);
      uint64_t count = 0;
      for (uint64_t before = TOP; view.remaining > 0; count++) {
        uint64_t size = draw(all[s], &view);
        assert_true(size <= before);
        before = size;
        view.remaining -= size;
      }
      assert_true(count <= (uint64_t)1000 * 64);
    }
  }
  struct schedule_view view = view_of(TOP, 1000, UINT64_MAX);
  assert_int_equal(dynamic_schedule.chunk(&view), TOP);
}

/* Workers read the position, are overtaken by others, and add what they drew then. */
static void draw_with_stale_views(const struct schedule *schedule, struct schedule_view view) {
  enum { DRAWERS = 7 };
  uint64_t read[DRAWERS] = {0};
  uint64_t position = 0;
  uint64_t alone = 0;
  uint64_t count = 0;
  for (struct schedule_view one = view; one.remaining > 0; alone++) {
    one.remaining -= draw(schedule, &one);
  }
  while (position < view.items) {
    size_t drawer = random_bits() % DRAWERS;
    view.remaining = view.items - read[drawer];
    view.weight = schedule == &adaptive_schedule ? (double)(drawer + 1) / 4 : 1;
    uint64_t size = draw(schedule, &view);
    uint64_t cut = size < view.items - position ? size : view.items - position;
    position += cut;
    count++;
    read[drawer] = position < view.items ? position : read[drawer];
  }
  assert_int_equal(position, view.items);
  assert_true(count <= 5 * alone + DRAWERS); /* no slivers where draws collided */
}

static void stale_views_do_no_harm(void **state) {
  (void)state;
  for (int round = 0; round < 200; round++) {
    struct schedule_view view =
        view_of(random_size(MOST_CHUNKS), random_size(100), random_size(10) - 1);
    for (size_t s = 0; s < LENGTH(all); s++) {
      draw_with_stale_views(all[s], view);
    }
  }
}

/* --- Weights --- */

static uint64_t weighted(double weight, uint64_t workers) {
  struct schedule_view view = view_of(1600000, workers, 0);
  view.weight = weight;
  return adaptive_schedule.chunk(&view);
}

static void wrong_weights_are_bounded(void **state) {
  (void)state;
  assert_int_equal(weighted(1, 100), 8000);
  assert_int_equal(weighted(0.25, 100), 2000);
  assert_int_equal(weighted(3, 100), 24000);
  assert_int_equal(weighted(1.0 / 3, 100), 2667); /* rounded up */
  assert_int_equal(weighted(0, 100), 1000);
  assert_int_equal(weighted(-5, 100), 1000);
  assert_int_equal(weighted(NAN, 100), 1000);
  assert_int_equal(weighted(INFINITY, 100), 64000);
  assert_int_equal(weighted(1000, 2), 800000); /* half of all: the others' whole share is left */
  assert_int_equal(weighted(1000, 1), 800000);
}

static void schedules_are_found_by_name(void **state) {
  (void)state;
  for (size_t s = 0; s < LENGTH(all); s++) {
    assert_ptr_equal(schedule_find(all[s]->name), all[s]);
    assert_non_null(all[s]->summary);
  }
  assert_ptr_equal(schedule_find("static"), &static_schedule);
  assert_null(schedule_find("fixed"));
  assert_null(schedule_find(""));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(published_tables),
      cmocka_unit_test(trapezoid_tables),
      cmocka_unit_test(adaptive_tables),
      cmocka_unit_test(published_algorithms),
      cmocka_unit_test(trapezoid_falls_linearly),
      cmocka_unit_test(chunks_are_in_range),
      cmocka_unit_test(chunks_are_in_range_at_the_ends),
      cmocka_unit_test(the_largest_jobs_end),
      cmocka_unit_test(stale_views_do_no_harm),
      cmocka_unit_test(wrong_weights_are_bounded),
      cmocka_unit_test(schedules_are_found_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
