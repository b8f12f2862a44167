/* Results in completion order, in input order and sorted: the cubes of a list, as map, imap,
   imap_unordered and a sorted queue give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/ordering.h"

enum { MOST = 1000 };

struct list {
  uint64_t numbers[MOST], results[MOST];
  size_t count;
  uint64_t fail_at; /* the consumer fails at this number */
};

static enum status take(void *data, uint64_t number, uint64_t result, struct fault *fault) {
  struct list *list = data;
  if (number == list->fail_at) {
    return fault_set(fault, STATUS_FAILED, "full");
  }
  list->numbers[list->count] = number;
  list->results[list->count++] = result;
  return STATUS_OK;
}

static uint64_t cube(uint64_t number) {
  return number * number * number;
}

static void open_ordering(struct ordering *ordering, enum ordering_kind kind, uint64_t count,
                          uint64_t window, struct list *list) {
  struct fault fault;
  struct ordering_consumer consumer = {.take = take, .data = list};
  *list = (struct list){.fail_at = UINT64_MAX};
  assert_int_equal(ordering_open(ordering, kind, count, window, consumer, &fault), STATUS_OK);
}

/* Put the cubes in the order of `came`, look at what the consumer has after each, and end. */
static void check_cubes(enum ordering_kind kind, uint64_t window, const uint64_t *came,
                        size_t count, const size_t *taken_after, const uint64_t *expected) {
  struct ordering ordering;
  struct list list;
  struct fault fault;
  open_ordering(&ordering, kind, count, window, &list);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(ordering_put(&ordering, came[i], cube(came[i]), &fault), STATUS_OK);
    assert_int_equal(list.count, taken_after[i]);
  }
  assert_int_equal(ordering_end(&ordering, &fault), STATUS_OK);
  assert_int_equal(list.count, count);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(list.numbers[i], expected[i]);
    assert_int_equal(list.results[i], cube(expected[i]));
  }
  ordering_close(&ordering);
}

static const uint64_t came[] = {2, 0, 1, 5, 3, 4};
static const uint64_t ascending[] = {0, 1, 2, 3, 4, 5};

static void as_they_come(void **state) {
  (void)state;
  static const size_t taken[] = {1, 2, 3, 4, 5, 6};
  check_cubes(ORDERING_COMPLETION, 1, came, 6, taken, came);
}

static void in_the_order_of_the_input(void **state) {
  (void)state;
  /* Each as soon as none before it is missing. */
  static const size_t taken[] = {0, 1, 3, 3, 4, 6};
  check_cubes(ORDERING_INPUT, 3, came, 6, taken, ascending);
  check_cubes(ORDERING_INPUT, 100, came, 6, taken, ascending);
}

static void sorted_at_the_end(void **state) {
  (void)state;
  static const size_t taken[] = {0, 0, 0, 0, 0, 0};
  check_cubes(ORDERING_SORTED, 1, came, 6, taken, ascending);
}

static void a_window_of_one_is_the_input_itself(void **state) {
  (void)state;
  static const size_t taken[] = {1, 2, 3, 4, 5, 6};
  check_cubes(ORDERING_INPUT, 1, ascending, 6, taken, ascending);
}

/* Random orders that keep within the window. */
static void any_order_within_the_window(void **state) {
  (void)state;
  uint64_t random = 12345;
  for (uint64_t window = 1; window <= 64; window *= 2) {
    struct ordering ordering;
    struct list list;
    struct fault fault;
    unsigned char put[MOST] = {0};
    open_ordering(&ordering, ORDERING_INPUT, MOST, window, &list);
    for (size_t i = 0; i < MOST; i++) {
      uint64_t lowest = list.count;
      uint64_t limit = ordering_limit(&ordering);
      assert_int_equal(limit, lowest + window < MOST ? lowest + window : MOST);
      uint64_t number;
      do {
        random = random * UINT64_C(6364136223846793005) + 1;
        number = lowest + (random >> 33) % (limit - lowest);
      } while (put[number]);
      put[number] = 1;
      assert_int_equal(ordering_put(&ordering, number, cube(number), &fault), STATUS_OK);
    }
    assert_int_equal(ordering_end(&ordering, &fault), STATUS_OK);
    for (size_t i = 0; i < MOST; i++) {
      assert_int_equal(list.numbers[i], i);
      assert_int_equal(list.results[i], cube(i));
    }
    ordering_close(&ordering);
  }
}

static void expect_fault(struct ordering *ordering, uint64_t number, const char *words) {
  struct fault fault = {.text = ""};
  assert_int_equal(ordering_put(ordering, number, 0, &fault), STATUS_FAILED);
  assert_non_null(strstr(fault.text, words));
}

static void what_must_not_come(void **state) {
  (void)state;
  struct ordering ordering;
  struct list list;
  struct fault fault;
  for (enum ordering_kind kind = ORDERING_COMPLETION; kind <= ORDERING_SORTED; kind++) {
    open_ordering(&ordering, kind, 10, 4, &list);
    expect_fault(&ordering, 10, "job 10");
    expect_fault(&ordering, UINT64_MAX, "job 18446744073709551615");
    if (kind != ORDERING_COMPLETION) {
      assert_int_equal(ordering_put(&ordering, 2, 8, &fault), STATUS_OK);
      expect_fault(&ordering, 2, "twice");
      assert_int_equal(ordering_put(&ordering, 0, 0, &fault), STATUS_OK);
      expect_fault(&ordering, 0, "twice");
    }
    if (kind == ORDERING_INPUT) { /* 0 was taken, 1 is missing */
      expect_fault(&ordering, 5, "below 5");
      assert_int_equal(ordering_put(&ordering, 4, 64, &fault), STATUS_OK);
    }
    ordering_close(&ordering);
  }
}

static void what_is_missing_is_noticed(void **state) {
  (void)state;
  for (enum ordering_kind kind = ORDERING_COMPLETION; kind <= ORDERING_SORTED; kind++) {
    for (uint64_t missing = 0; missing < 4; missing++) {
      struct ordering ordering;
      struct list list;
      struct fault fault = {.text = ""};
      open_ordering(&ordering, kind, 4, 4, &list);
      for (uint64_t number = 0; number < 4; number++) {
        if (number != missing) {
          assert_int_equal(ordering_put(&ordering, number, 0, &fault), STATUS_OK);
        }
      }
      assert_int_equal(ordering_end(&ordering, &fault), STATUS_FAILED);
      assert_string_equal(fault.text, "3 results came of 4");
      ordering_close(&ordering);
    }
  }
}

static void the_consumers_fault_comes_through(void **state) {
  (void)state;
  for (enum ordering_kind kind = ORDERING_COMPLETION; kind <= ORDERING_SORTED; kind++) {
    struct ordering ordering;
    struct list list;
    struct fault fault = {.text = ""};
    open_ordering(&ordering, kind, 3, 3, &list);
    list.fail_at = 1;
    enum status status = STATUS_OK;
    for (uint64_t number = 0; number < 3 && status == STATUS_OK; number++) {
      status = ordering_put(&ordering, number, 0, &fault);
    }
    if (status == STATUS_OK) {
      status = ordering_end(&ordering, &fault);
    }
    assert_int_equal(status, STATUS_FAILED);
    assert_string_equal(fault.text, "full");
    assert_int_equal(list.count, 1);
    ordering_close(&ordering);
  }
}

static void memory(void **state) {
  (void)state;
  assert_int_equal(ordering_bytes(ORDERING_COMPLETION, UINT64_MAX, 1000), 0);
  assert_int_equal(ordering_bytes(ORDERING_INPUT, UINT64_MAX, 1000), 9000);
  assert_int_equal(ordering_bytes(ORDERING_SORTED, 5000, 1000), 45000);
  assert_true(ordering_bytes(ORDERING_SORTED, UINT64_MAX, 1) == UINT64_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_they_come),
      cmocka_unit_test(in_the_order_of_the_input),
      cmocka_unit_test(sorted_at_the_end),
      cmocka_unit_test(a_window_of_one_is_the_input_itself),
      cmocka_unit_test(any_order_within_the_window),
      cmocka_unit_test(what_must_not_come),
      cmocka_unit_test(what_is_missing_is_noticed),
      cmocka_unit_test(the_consumers_fault_comes_through),
      cmocka_unit_test(memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
