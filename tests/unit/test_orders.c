/* Orders are permutations, and a route along one meets every item once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "orders/order.h"
#include "pool/route.h"

/* Costs for the tests: in steps of three, so that there are ties. */
static double cost_in_steps(const void *data, uint64_t block) {
  (void)data;
  uint64_t step = block * 7 % 101 / 3;
  return (double)step;
}

static void *open_order(const struct order *order, uint64_t blocks, uint64_t key) {
  struct order_view view = {.blocks = blocks, .key = key, .cost = cost_in_steps, .copies = 1};
  void *state = NULL;
  struct fault fault;
  assert_int_equal(order->open(&view, &state, &fault), STATUS_OK);
  return state;
}

static void check_permutation(const struct order *order, uint64_t blocks) {
  void *state = open_order(order, blocks, 42 + blocks);
  bool *seen = calloc((size_t)blocks + 1, sizeof *seen);
  assert_non_null(seen);
  for (uint64_t i = 0; i < blocks; i++) {
    uint64_t place = order->place(state, i);
    assert_true(place < blocks);
    assert_false(seen[place]);
    seen[place] = true;
  }
  free(seen);
  order->close(state);
}

static void every_order_is_a_permutation(void **state) {
  (void)state;
  for (uint64_t blocks = 0; blocks <= 300; blocks++) {
    check_permutation(&random_order, blocks);
    check_permutation(&descending_order, blocks);
  }
  check_permutation(&random_order, 65536);
  check_permutation(&random_order, 65537);
  check_permutation(&random_order, 1000003);
}

static void random_places_fit_the_largest_spaces(void **state) {
  (void)state;
  uint64_t blocks = UINT64_C(1) << 63;
  void *permutation = open_order(&random_order, blocks, 7);
  uint64_t high = 0;
  for (uint64_t i = 0; i < 1000; i++) {
    uint64_t place = random_order.place(permutation, i);
    assert_true(place < blocks);
    high += place >> 62;
  }
  assert_true(high > 400 && high < 600); /* half of them, within six sigma */
  random_order.close(permutation);
}

/* Where two neighbours go, over many keys: each of the pairs of places equally often. */
static double pair_chi_square(uint64_t blocks, uint64_t keys) {
  unsigned counts[16][16] = {{0}};
  for (uint64_t key = 0; key < keys; key++) {
    void *state = open_order(&random_order, blocks, key);
    counts[random_order.place(state, 0)][random_order.place(state, 1)]++;
    random_order.close(state);
  }
  double expected = (double)keys / (double)(blocks * (blocks - 1));
  double sum = 0;
  for (uint64_t a = 0; a < blocks; a++) {
    for (uint64_t b = 0; b < blocks; b++) {
      double off = counts[a][b] - expected;
      sum += a == b ? 0 : off * off / expected;
    }
  }
  return sum;
}

static void random_permutations_mix_neighbours(void **state) {
  (void)state;
  static const uint64_t spaces[] = {5, 13, 16};
  for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
    double freedom = (double)(spaces[i] * (spaces[i] - 1) - 1);
    double sigmas = (pair_chi_square(spaces[i], 50000) - freedom) / sqrt(2 * freedom);
    print_message("%d blocks: %.2f sigma\n", (int)spaces[i], sigmas);
    assert_true(sigmas < 5 && sigmas > -5);
  }
}

static void descending_sorts_by_cost_and_keeps_ties_in_order(void **state) {
  (void)state;
  void *list = open_order(&descending_order, 500, 0);
  for (uint64_t i = 1; i < 500; i++) {
    uint64_t before = descending_order.place(list, i - 1);
    uint64_t here = descending_order.place(list, i);
    double difference = cost_in_steps(NULL, before) - cost_in_steps(NULL, here);
    assert_true(difference > 0 || (difference == 0 && before < here));
  }
  descending_order.close(list);
}

static void descending_refuses_a_list_that_does_not_fit(void **state) {
  (void)state;
  /* One too large; one of 16 KB, which is none for a rank, but for all those of a node; and more
     bytes than there are numbers. */
  static const struct order_view views[] = {
      {.blocks = UINT64_C(1) << 62, .cost = cost_in_steps, .copies = 1},
      {.blocks = 1024, .cost = cost_in_steps, .copies = UINT64_C(1) << 40},
      {.blocks = UINT64_C(1) << 40, .cost = cost_in_steps, .copies = UINT64_C(1) << 30}};
  for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
    void *list = NULL;
    struct fault fault = {.status = STATUS_OK};
    assert_int_equal(descending_order.open(&views[i], &list, &fault), STATUS_FAILED);
    assert_non_null(strstr(fault.text, "--order descending"));
  }
}

static uint64_t shortest;
static uint64_t shortest_call(const struct job *job) {
  (void)job;
  return shortest;
}

static double cost_of_range(const struct job *job, struct range range) {
  (void)job;
  return cost_in_steps(NULL, range.lo);
}

/* All positions in pieces of `step`: every item once. */
static void check_route(const struct order *order, const struct hand_out *hand_out, uint64_t step) {
  static const struct workload workload = {.shortest_call = shortest_call, .cost = cost_of_range};
  static const struct job job = {.workers = 3, .seed = 5};
  struct route route;
  struct fault fault;
  assert_int_equal(route_open(&route, order, &workload, &job, hand_out, 1, &fault), STATUS_OK);
  unsigned char *met = calloc((size_t)hand_out->items + 1, 1);
  assert_non_null(met);
  for (uint64_t at = 0; at < hand_out->items; at += step) {
    struct range positions = {at, at + step < hand_out->items ? at + step : hand_out->items};
    while (range_length(positions) > 0) {
      struct range items = route_take(&route, &positions);
      assert_true(items.lo < items.hi && items.hi <= hand_out->items);
      for (uint64_t item = items.lo; item < items.hi; item++) {
        assert_int_equal(met[item]++, 0);
      }
    }
  }
  assert_null(memchr(met, 0, (size_t)hand_out->items));
  free(met);
  route_close(&route);
}

static void routes_meet_every_item_once(void **state) {
  (void)state;
  static const struct order *const orders[] = {&natural_order, &random_order, &descending_order};
  static const uint64_t items[] = {0, 1, 2, 63, 64, 1000, 4097};
  static const uint64_t chunks[] = {0, 1, 10, 999, 5000};
  for (size_t o = 0; o < 3; o++) {
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
      for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
        for (uint64_t grain = 1; grain <= 49; grain += 16) {
          shortest = grain * 3;
          struct hand_out hand_out = {.items = items[i], .grain = grain, .chunk = chunks[c]};
          check_route(orders[o], &hand_out, grain);
          check_route(orders[o], &hand_out, grain * 7);
        }
      }
    }
  }
}

/* A limit says nothing about positions in a shuffled part: only 0 ends it. */
static void a_limit_ends_a_route_only_where_nothing_below_can_follow(void **state) {
  (void)state;
  struct route natural = {.order = &natural_order};
  assert_false(route_is_over(&natural, 10, 11));
  assert_true(route_is_over(&natural, 10, 10));
  struct route shuffled = {.order = &random_order, .whole = 100, .block = 10};
  assert_false(route_is_over(&shuffled, 99, 1));
  assert_true(route_is_over(&shuffled, 100, 100));
  assert_true(route_is_over(&shuffled, 0, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_order_is_a_permutation),
      cmocka_unit_test(random_places_fit_the_largest_spaces),
      cmocka_unit_test(random_permutations_mix_neighbours),
      cmocka_unit_test(descending_sorts_by_cost_and_keeps_ties_in_order),
      cmocka_unit_test(descending_refuses_a_list_that_does_not_fit),
      cmocka_unit_test(routes_meet_every_item_once),
      cmocka_unit_test(a_limit_ends_a_route_only_where_nothing_below_can_follow),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
