#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/divisor.h"
#include "kernels/miller_rabin.h"
#include "kernels/philox.h"
#include "kernels/wheel.h"
#include "unit/each_isa.h"

static uint64_t random_number(uint64_t index) {
  struct philox_block draw = philox_block(2026, index);
  return (uint64_t)draw.word[1] << 32 | draw.word[0];
}

static bool is_candidate(uint64_t d) {
  return d == 2 || d == 3 || d == 5 || d == 7 ||
         (d % 2 != 0 && d % 3 != 0 && d % 5 != 0 && d % 7 != 0);
}

static uint64_t brute_force(uint128_t n, uint64_t lo, uint64_t hi, uint64_t *candidates) {
  for (uint64_t d = lo; d < hi; d++) {
    if (is_candidate(d)) {
      ++*candidates;
      if (n % d == 0) {
        return d;
      }
    }
  }
  return 0;
}

static void assert_like_brute_force(uint128_t n, uint64_t lo, uint64_t hi) {
  uint64_t expected_candidates = 5;
  uint64_t expected = brute_force(n, lo, hi, &expected_candidates);
  uint64_t candidates = 5;
  assert_int_equal(divisor_find_128(n, lo, hi, &candidates), expected);
  assert_int_equal(candidates, expected_candidates);
  if (n >> 64 == 0) {
    candidates = 5;
    assert_int_equal(divisor_find((uint64_t)n, lo, hi, &candidates), expected);
    assert_int_equal(candidates, expected_candidates);
  }
}

static void assert_finds(uint64_t n, uint64_t lo, uint64_t hi, uint64_t expected) {
  uint64_t candidates = 0;
  uint64_t found = divisor_find(n, lo, hi, &candidates);
  if (found != expected) {
    fail_msg("%s: divisor of %llu in [%llu, %llu): %llu, expected %llu", isa_name(isa_current()),
             (unsigned long long)n, (unsigned long long)lo, (unsigned long long)hi,
             (unsigned long long)found, (unsigned long long)expected);
  }
}

static void wheel_is_what_is_prime_to_210(void **state) {
  (void)state;
  int count = 0;
  for (uint64_t d = 0; d < WHEEL_TURN; d++) {
    if (d % 2 != 0 && d % 3 != 0 && d % 5 != 0 && d % 7 != 0) {
      assert_int_equal(wheel_spokes[count++], d);
    }
  }
  assert_int_equal(count, WHEEL_SPOKES);
}

static void small_numbers_in_all_ranges(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    for (uint64_t n = 1; n < 600; n++) {
      for (uint64_t lo = 2; lo < 30; lo++) {
        assert_like_brute_force(n, lo, lo + n % 29);
        assert_like_brute_force(n, lo, n + 1);
      }
    }
  }
}

static void random_numbers_in_short_ranges(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    for (uint64_t i = 0; i < 2000; i++) {
      uint64_t n = random_number(3 * i) >> random_number(3 * i + 1) % 60 | 1;
      uint64_t lo = 2 + (random_number(3 * i + 2) >> (32 + i % 32));
      assert_like_brute_force(n, lo, lo + i % 700);
      assert_like_brute_force((uint128_t)n * random_number(i), lo, lo + i % 700);
    }
  }
}

/* n = d * cofactor with d anywhere, so that every size of block and every place in one comes up;
   the range ends and begins at d. */
static void divisors_at_the_ends_of_ranges(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    for (uint64_t i = 0; i < 10000; i++) {
      uint64_t d = random_number(2 * i) >> (32 + i % 24);
      while (!is_candidate(d) || d < 11) {
        d++;
      }
      /* A prime cofactor below 2^64 / d, so that d's own divisors are the only other ones. */
      uint64_t cofactor =
          UINT64_MAX / d - random_number(2 * i + 1) % (i % 2 == 0 ? 1000 : UINT64_MAX / d / 2);
      while (!is_prime(cofactor)) {
        cofactor--;
      }
      if (cofactor < d) {
        continue;
      }
      uint64_t n = d * cofactor;
      assert_finds(n, d, d + 1, d);
      assert_finds(n, d, d + 1 + i % 30000, d);
      uint64_t lo = d - (d - 2 < i % 30000 ? d - 2 : i % 30000);
      lo = lo > d / 2 ? lo : d / 2 + 1; /* above the divisors of d */
      assert_finds(n, lo, d + 1, d);
      assert_finds(n, lo, d, 0);
      uint64_t hi = d + 1 + i % 3000;
      assert_finds(n, d + 1, hi < cofactor ? hi : cofactor, 0);
    }
  }
}

/* Two divisors in one block: the smaller one counts, whichever spokes they are on. */
static void the_smaller_of_two_near_divisors(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    for (uint64_t i = 0; i < 2000; i++) {
      uint64_t p = (UINT64_C(4000000000) + random_number(i) % 290000000) | 1;
      uint64_t q = p + 2 + 2 * (random_number(i + 5000) % 3000);
      while (!is_prime(p)) {
        p -= 2;
      }
      while (!is_prime(q) || q == p) {
        q += 2;
      }
      assert_finds(p * q, p - random_number(i + 9000) % 3000, q + 1, p);
      assert_finds(p * q, p + 1, q + 1, q);
    }
  }
}

/* The least turn from which divisor_far_hits() takes this many turns: there its error is greatest.
 */
static uint64_t least_turn(uint64_t n, uint64_t turns) {
  uint64_t low = 0;
  uint64_t high = UINT64_C(1) << 40;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (divisor_far_turns(n, middle) >= turns) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/* Each candidate of a block in turn is made a divisor, and must be named. */
static void assert_block_is_named(uint64_t largest_n, uint64_t turn, uint64_t turns) {
  for (uint64_t k = 0; k < turns; k++) {
    for (int spoke = 0; spoke < WHEEL_SPOKES; spoke++) {
      uint64_t d = WHEEL_TURN * (turn + k) + wheel_spokes[spoke];
      uint64_t n = largest_n / d * d;
      if (n == 0 || (PICK_CLONE(divisor_far_hits)(n, turn, turns) >> spoke & 1) == 0) {
        fail_msg("%s: %llu = %llu * ... is missed in a block of %llu turns",
                 isa_name(isa_current()), (unsigned long long)n, (unsigned long long)d,
                 (unsigned long long)turns);
      }
    }
  }
}

static void no_divisor_is_missed_where_the_error_is_greatest(void **state) {
  (void)state;
  static const uint64_t sizes[] = {UINT64_MAX, UINT64_C(1) << 63, 100109100129100151, 1000000000000,
                                   10000000000};
  FOR_EACH_ISA(isa) {
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
      for (uint64_t turns = 8; turns <= 64; turns *= 2) {
        uint64_t turn = least_turn(sizes[i], turns);
        assert_int_equal(divisor_far_turns(sizes[i], turn), turns);
        for (uint64_t next = 0; next < 3; next++) {
          assert_block_is_named(sizes[i] - next * next, turn + next, turns);
        }
      }
      assert_block_is_named(sizes[i], 10000000, 64);
    }
  }
}

/* Of numbers that do not divide, 4 in K^3 are named by chance: more would cost time. */
static void few_others_are_named(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    uint64_t named = 0;
    for (uint64_t turn = 20000000; turn < 20000000 + 64 * 2000; turn += 64) {
      uint64_t spokes = PICK_CLONE(divisor_far_hits)(UINT64_C(18446744073709551557), turn, 64);
      named += (uint64_t)__builtin_popcountll(spokes);
    }
    assert_in_range(named, 20, 200); /* 94 expected */
  }
}

static void known_factors(void **state) {
  (void)state;
  const uint64_t past_32_bits = UINT64_C(1) << 32;
  FOR_EACH_ISA(isa) {
    assert_finds(112272535095295, 2, 10595873, 5);
    assert_finds(100109100129100369, 2, 316400223, 95362951);
    assert_finds(100109100129101027, 2, 316400223, 171656941);
    assert_finds(100109100129100151, 2, 316400223, 0);
    assert_finds(100109100129162907, 2, 316400320, 0);
    /* Squares of primes: the last divisor of the range. */
    assert_finds(UINT64_C(18446744030759878681), 4200000000, 4294967292, 4294967291);
    assert_finds(UINT64_C(18446744030759878681), 4200000000, 4294967291, 0);
    assert_finds(UINT64_C(9223371994482243049), 3000000000, past_32_bits, 3037000493);
    assert_finds(UINT64_C(18446744073709551557), 4000000000, past_32_bits, 0); /* a prime */
    assert_finds(1000003 * UINT64_C(1000003), 2, 1000004, 1000003);
    assert_finds(121, 2, 12, 11);
    assert_finds(49, 2, 8, 7);
    assert_finds(1573, 11, 1000, 11);
    assert_finds(30, 6, 100, 0); /* divisors with a factor 2, 3, 5 or 7 are skipped */
    assert_finds(30, 5, 100, 5);
  }
}

static void divisors_beyond_32_bits(void **state) {
  (void)state;
  const uint64_t largest_prime = UINT64_C(18446744073709551557);
  const uint64_t beyond_2_50 = UINT64_C(1125899906842679); /* 2^50 + 55 */
  FOR_EACH_ISA(isa) {
    assert_finds(largest_prime, largest_prime - 5000, UINT64_MAX, largest_prime);
    assert_finds(largest_prime, UINT64_MAX - 2, UINT64_MAX, 0);
    assert_finds(UINT64_C(1000000000039) * 13, 1000000000000, 1000000001000, 1000000000039);
    assert_finds(beyond_2_50 * 11, beyond_2_50 - 20000, beyond_2_50 + 20000, beyond_2_50);
    assert_finds(beyond_2_50 * 11, beyond_2_50 - 20000, beyond_2_50, 0);
  }
}

static void numbers_beyond_64_bits(void **state) {
  (void)state;
  const uint128_t mersenne = ((uint128_t)1 << 127) - 1;
  FOR_EACH_ISA(isa) {
    uint64_t candidates = 0;
    assert_int_equal(divisor_find_128(mersenne, 2, 1000000, &candidates), 0);
    /* 2^101 - 1 = 7432339208719 * 341117531003194129, 2^67 - 1 = 193707721 * 761838257287 */
    uint128_t n = ((uint128_t)1 << 101) - 1;
    assert_int_equal(divisor_find_128(n, 2, 100000, &candidates), 0);
    assert_int_equal(divisor_find_128(n, 7432339200000, 7432339208719, &candidates), 0);
    assert_int_equal(divisor_find_128(n, 7432339200000, 7432339208720, &candidates), 7432339208719);
    n = ((uint128_t)1 << 67) - 1;
    assert_int_equal(divisor_find_128(n, 193000000, 194000000, &candidates), 193707721);
    n = ~(uint128_t)0; /* 3 * 5 * 17 * 257 * 641 * 65537 * 274177 * 6700417 * 67280421310721 */
    assert_int_equal(divisor_find_128(n, 2, 10, &candidates), 3);
    assert_int_equal(divisor_find_128(n, 8, 100, &candidates), 17);
    assert_int_equal(divisor_find_128(n, 65536, 70000, &candidates), 65537);
    /* Around 2^32 one way of dividing takes over from another. */
    uint64_t around[] = {4294967291, 4294967311, 4294965000 / 6 * 6 + 1, 4294900001};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
      uint64_t d = around[i];
      while (!is_prime(d)) {
        d++;
      }
      n = (uint128_t)d * UINT64_C(18446744073709551557);
      assert_int_equal(divisor_find_128(n, d - 5000, d + 5000, &candidates), d);
    }
    /* n + 2^128 is a multiple of d, n is not. */
    uint64_t d = 1000000000039;
    n = d * ((uint128_t)(UINT64_MAX / d) << 64 | UINT64_MAX);
    assert_int_equal(divisor_find_128(n, d, d + 1, &candidates), 0);
    n = (uint128_t)UINT64_C(18446744073709551557) * UINT64_C(18446744073709551533);
    assert_int_equal(divisor_find_128(n, UINT64_MAX - 500, UINT64_MAX, &candidates),
                     UINT64_C(18446744073709551533));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wheel_is_what_is_prime_to_210),
      cmocka_unit_test(small_numbers_in_all_ranges),
      cmocka_unit_test(random_numbers_in_short_ranges),
      cmocka_unit_test(divisors_at_the_ends_of_ranges),
      cmocka_unit_test(the_smaller_of_two_near_divisors),
      cmocka_unit_test(no_divisor_is_missed_where_the_error_is_greatest),
      cmocka_unit_test(few_others_are_named),
      cmocka_unit_test(known_factors),
      cmocka_unit_test(divisors_beyond_32_bits),
      cmocka_unit_test(numbers_beyond_64_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
