/* Filling, copying and looking at doubles: every value, none beside them, wherever they begin and
   however many they are, on every instruction set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "kernels/doubles.h"
#include "unit/each_isa.h"

enum { ROOM = 200, STARTS = 10, MOST = ROOM - 2 * STARTS };

static const double GUARD = -7.25;

static struct { double values[ROOM] __attribute__((aligned(64))); } memory, source;

static void set_guards(void) {
  for (size_t i = 0; i < ROOM; i++) {
    memory.values[i] = GUARD;
    source.values[i] = 1.0 / (double)(i + 1);
  }
}

static void same_bits(double a, double b) {
  assert_memory_equal(&a, &b, sizeof a);
}

/* [start, start + count) hold wanted[0 to count - 1], or all of them `value`. */
static void expect_only(size_t start, size_t count, const double *wanted, double value) {
  for (size_t i = 0; i < ROOM; i++) {
    bool inside = i >= start && i < start + count;
    same_bits(memory.values[i], !inside ? GUARD : wanted != NULL ? wanted[i - start] : value);
  }
}

/* Every place in two lines, every length over several steps of the loops. */
#define FOR_EACH_PLACE(start, count)                                                               \
  for (size_t start = 0; start < STARTS; start++)                                                  \
    for (size_t count = 0; count <= MOST; count++)

static void check_filling(void (*fill)(double *to, size_t count, double value)) {
  static const double values[] = {42, 0.0, -0.0, INFINITY, 31};
  FOR_EACH_PLACE(start, count) {
    double value = values[count % 5];
    set_guards();
    fill(memory.values + start, count, value);
    expect_only(start, count, NULL, value);
  }
}

static void filled(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    check_filling(PICK_CLONE(doubles_fill));
  }
}

static void streamed(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    check_filling(PICK_CLONE(doubles_stream));
  }
}

static void copied(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    FOR_EACH_PLACE(start, count) {
      const double *from = source.values + count % 9;
      set_guards();
      PICK_CLONE(doubles_stream_copy)(memory.values + start, from, count);
      PICK_CLONE(doubles_stream_end)();
      expect_only(start, count, from, 0);
    }
  }
}

/* One value that differs by its last bit, at each place in turn. */
static void any_other_is_seen(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    FOR_EACH_PLACE(start, count) {
      double *values = memory.values + start;
      set_guards();
      PICK_CLONE(doubles_fill)(values, count, 3);
      assert_true(PICK_CLONE(doubles_all_are)(values, count, 3));
      for (size_t i = 0; i < count; i += 1 + count / 16) {
        values[i] = nextafter(3, 4);
        assert_false(PICK_CLONE(doubles_all_are)(values, count, 3));
        values[i] = 3;
      }
      if (count > 0) {
        assert_false(PICK_CLONE(doubles_all_are)(values, count, 4));
        values[count - 1] = 4;
        assert_false(PICK_CLONE(doubles_all_are)(values, count, 3));
      }
    }
  }
}

static void bits_are_looked_at(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    for (size_t count = 1; count <= 40; count++) {
      PICK_CLONE(doubles_fill)(memory.values, count, -0.0);
      assert_false(PICK_CLONE(doubles_all_are)(memory.values, count, 0.0));
      assert_true(PICK_CLONE(doubles_all_are)(memory.values, count, -0.0));
      PICK_CLONE(doubles_fill)(memory.values, count, NAN);
      assert_true(PICK_CLONE(doubles_all_are)(memory.values, count, NAN));
    }
  }
}

static void streaming_is_for_much(void **state) {
  (void)state;
  assert_false(doubles_pay_streaming(0));
  assert_false(doubles_pay_streaming(1 << 16));
  assert_true(doubles_pay_streaming((uint64_t)1 << 40));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(filled),
      cmocka_unit_test(streamed),
      cmocka_unit_test(copied),
      cmocka_unit_test(any_other_is_seen),
      cmocka_unit_test(bits_are_looked_at),
      cmocka_unit_test(streaming_is_for_much),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
