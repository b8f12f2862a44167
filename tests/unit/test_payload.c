/* Payloads: a function of seed and number, and no damage goes unnoticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernels/payload.h"

enum { MOST = 67, GUARD = 0x5a };

static void filled(uint64_t seed, uint64_t number, unsigned char *bytes, size_t size) {
  memset(bytes, GUARD, MOST + 1);
  payload_fill(seed, number, bytes, size);
  for (size_t i = size; i <= MOST; i++) {
    assert_int_equal(bytes[i], GUARD);
  }
}

static void a_function_of_seed_and_number(void **state) {
  (void)state;
  unsigned char one[MOST + 1];
  unsigned char other[MOST + 1];
  for (size_t size = 8; size <= MOST; size++) {
    filled(1, 2, one, size);
    filled(1, 2, other, size);
    assert_memory_equal(one, other, size);
    filled(1, 3, other, size);
    assert_memory_not_equal(one, other, size);
    filled(2, 2, other, size);
    assert_memory_not_equal(one, other, size);
  }
}

static void every_changed_bit_is_noticed(void **state) {
  (void)state;
  unsigned char bytes[MOST + 1];
  for (size_t size = 0; size <= MOST; size++) {
    filled(7, 7, bytes, size);
    uint64_t sum = payload_checksum(7, bytes, size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
      bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
      assert_true(payload_checksum(7, bytes, size) != sum);
      bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(payload_checksum(7, bytes, size) == sum);
    assert_true(payload_checksum(8, bytes, size) != sum);
    if (size > 0) {
      assert_true(payload_checksum(7, bytes, size - 1) != sum);
    }
  }
}

static void exchanged_words_are_noticed(void **state) {
  (void)state;
  unsigned char bytes[MOST + 1];
  filled(1, 1, bytes, 64);
  uint64_t sum = payload_checksum(1, bytes, 64);
  for (size_t i = 0; i < 8; i++) {
    for (size_t j = 0; j < i; j++) {
      unsigned char changed[64];
      memcpy(changed, bytes, 64);
      memcpy(changed + 8 * i, bytes + 8 * j, 8);
      memcpy(changed + 8 * j, bytes + 8 * i, 8);
      assert_true(payload_checksum(1, changed, 64) != sum);
    }
  }
}

/* The first outputs of SplitMix64 from seed 1234567, as published with it. */
static void scattered_as_published(void **state) {
  (void)state;
  static const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                      UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)};
  uint64_t number = 1234567;
  for (size_t i = 0; i < 4; i++, number += UINT64_C(0x9e3779b97f4a7c15)) {
    assert_true(payload_scatter(number) == expected[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_function_of_seed_and_number),
      cmocka_unit_test(every_changed_bit_is_noticed),
      cmocka_unit_test(exchanged_words_are_noticed),
      cmocka_unit_test(scattered_as_published),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
