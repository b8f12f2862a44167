/* Uniform doubles: as defined, wherever a range begins and ends, on every instruction set; their
   sums are exact; a changed bit is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/uniforms.h"
#include "unit/each_isa.h"

enum { ROOM = 6000 };

static const double GUARD = -1;

static struct { double values[ROOM] __attribute__((aligned(64))); } memory;

/* Random123's published test vector of Philox4x32-10: key 0, counter 0 gives 6627e8d5 e169c58d
   bc57ac4c 9b00dbd8, least significant word first. */
static void as_published(void **state) {
  (void)state;
  assert_true(uniform_at(0, 0) == (double)(UINT64_C(0xe169c58d6627e8d5) >> 11) / 0x1p53);
  assert_true(uniform_at(0, 1) == (double)(UINT64_C(0x9b00dbd8bc57ac4c) >> 11) / 0x1p53);
}

static void expect_range(uint64_t seed, uint64_t first, uint64_t count, bool streaming, size_t at) {
  for (size_t i = 0; i < ROOM; i++) {
    memory.values[i] = GUARD;
  }
  uniforms_fill(seed, first, count, streaming, memory.values + at);
  for (size_t i = 0; i < ROOM; i++) {
    bool inside = i >= at && i < at + count;
    double wanted = inside ? uniform_at(seed, first + (i - at)) : GUARD;
    assert_memory_equal(&memory.values[i], &wanted, sizeof wanted);
  }
}

static void as_defined(void **state) {
  (void)state;
  static const uint64_t counts[] = {0, 1, 2, 3, 17, 63, 64, 65, 127, 2047, 2048, 2049, 4097, 5001};
  static const uint64_t firsts[] = {
      0, 1, 2, 77, (UINT64_C(1) << 33) - 64, (UINT64_C(1) << 33) - 3, UINT64_MAX - 6000};
  FOR_EACH_ISA(isa) {
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
      for (size_t f = 0; f < sizeof firsts / sizeof firsts[0]; f++) {
        bool streaming = (c + f) % 2 == 0;
        expect_range(c % 3 == 0 ? UINT64_MAX : c, firsts[f], counts[c], streaming, 1 + f);
      }
    }
  }
}

static uint128_t plain_sum(const double *values, uint64_t count) {
  uint128_t sum = 0;
  for (uint64_t i = 0; i < count; i++) {
    sum += (uint64_t)(values[i] * 0x1p53);
  }
  return sum;
}

static void sums_are_exact(void **state) {
  (void)state;
  /* 0, the least, the largest, and those around the places where parts of them are rounded */
  static const double corners[] = {
      0,           0x1p-53,           1 - 0x1p-53, 0x1p-31,          0x1p-32,
      3 * 0x1p-32, 0x1p-32 - 0x1p-53, 0.5,         0x1p-32 + 0x1p-53};
  FOR_EACH_ISA(isa) {
    uniforms_fill(3, 5, ROOM, false, memory.values);
    for (size_t at = 0; at < 9; at++) {
      for (uint64_t count = 0; count < 200; count++) {
        assert_true(uniforms_sum(memory.values + at, count) ==
                    plain_sum(memory.values + at, count));
      }
      memory.values[20 * at] = corners[at];
    }
    assert_true(uniforms_sum(memory.values, ROOM) == plain_sum(memory.values, ROOM));
    for (size_t corner = 0; corner < 9; corner++) {
      for (size_t i = 0; i < ROOM; i++) {
        memory.values[i] = corners[corner];
      }
      assert_true(uniforms_sum(memory.values, ROOM) == plain_sum(memory.values, ROOM));
    }
  }
}

/* A sum of more than 64 bits: as many of the largest value as it takes. */
static void sums_outgrow_64_bits(void **state) {
  (void)state;
  const uint64_t count = 10000;
  double *values = malloc(count * sizeof *values);
  for (uint64_t i = 0; i < count; i++) {
    values[i] = 1 - 0x1p-53;
  }
  FOR_EACH_ISA(isa) {
    assert_true(uniforms_sum(values, count) == (uint128_t)count * ((UINT64_C(1) << 53) - 1));
  }
  free(values);
}

static void differences_are_counted(void **state) {
  (void)state;
  const uint64_t first = 12345;
  FOR_EACH_ISA(isa) {
    uint128_t sum = 0;
    uniforms_fill(9, first, ROOM, true, memory.values);
    assert_int_equal(uniforms_compare(9, first, ROOM, memory.values, &sum), 0);
    assert_true(sum == plain_sum(memory.values, ROOM));
    assert_int_equal(uniforms_compare(9, first, ROOM, memory.values, NULL), 0);
    memory.values[0] += 0x1p-53;
    memory.values[2047] = 42;
    memory.values[2048] = memory.values[2049];
    memory.values[ROOM - 1] = -memory.values[ROOM - 1];
    assert_int_equal(uniforms_compare(9, first, ROOM, memory.values, &sum), 4);
    assert_true(uniforms_compare(9, first + 1, ROOM, memory.values, NULL) > ROOM - 3);
    assert_true(uniforms_compare(10, first, ROOM, memory.values, NULL) > ROOM - 3);
  }
}

/* The mean of so many has a standard deviation of 1 / sqrt(12 n). */
static void spread_evenly(void **state) {
  (void)state;
  uint128_t sum = 0;
  uint64_t count = 0;
  for (uint64_t first = 0; count < 3000000; first += ROOM, count += ROOM) {
    uniforms_fill(1, first, ROOM, false, memory.values);
    sum += uniforms_sum(memory.values, ROOM);
  }
  double mean = (double)sum * 0x1p-53 / (double)count;
  print_message("mean of %d: %.6f\n", (int)count, mean);
  assert_true(fabs(mean - 0.5) < 5 / sqrt(12 * (double)count));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_published),
      cmocka_unit_test(as_defined),
      cmocka_unit_test(sums_are_exact),
      cmocka_unit_test(sums_outgrow_64_bits),
      cmocka_unit_test(differences_are_counted),
      cmocka_unit_test(spread_evenly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
