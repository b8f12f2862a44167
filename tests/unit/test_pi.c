/* The darts are the ones that pi.h defines, and every fast loop counts them right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/philox.h"
#include "kernels/pi.h"
#include "kernels/xoshiro.h"
#include "unit/each_isa.h"

#if defined(__has_include) && !defined(__cppcheck__)
#if __has_include(<Random123/philox.h>)
#define HAVE_RANDOM123
#include <Random123/philox.h>
#endif
#endif

static const struct pi_generator *philox;
static const struct pi_generator *xoshiro;

static const uint64_t seeds[] = {0, 1, UINT64_C(0x299f31d0a4093822), UINT64_MAX};
enum { SEEDS = sizeof seeds / sizeof seeds[0] };

static int find_generators(void **state) {
  (void)state;
  philox = pi_generator_find("philox");
  xoshiro = pi_generator_find("xoshiro");
  return philox == NULL || xoshiro == NULL;
}

static void unknown_generator_is_not_found(void **state) {
  (void)state;
  assert_null(pi_generator_find("drand48"));
  assert_null(pi_generator_find(""));
}

/* Cut there, no Philox block and no start of streams is done twice. */
static void grains_are_whole_blocks(void **state) {
  (void)state;
  assert_int_equal(philox->grain % 2, 0);
  assert_int_equal(xoshiro->grain % XOSHIRO_BLOCK, 0);
}

/* The known answers for philox4x32-10 that Random123 publishes. */
static void philox_gives_known_answers(void **state) {
  (void)state;
  static const struct {
    uint64_t key, low, high;
    uint32_t word[4];
  } known[] = {
      {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {UINT64_MAX, UINT64_MAX, UINT64_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {UINT64_C(0x299f31d0a4093822),
       UINT64_C(0x85a308d3243f6a88),
       UINT64_C(0x0370734413198a2e),
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    struct philox_block block = philox_block_wide(known[i].key, known[i].low, known[i].high);
    assert_memory_equal(block.word, known[i].word, sizeof block.word);
  }
}

/* The first outputs from state 1, 2, 3, 4, as other implementations give them. */
static void xoshiro_gives_known_answers(void **state) {
  (void)state;
  static const uint64_t known[] = {
      UINT64_C(41943041),
      UINT64_C(58720359),
      UINT64_C(3588806011781223),
      UINT64_C(3591011842654386),
      UINT64_C(9228616714210784205),
      UINT64_C(9973669472204895162),
  };
  struct xoshiro generator = {{1, 2, 3, 4}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    assert_int_equal(xoshiro_next(&generator), known[i]);
  }
}

/* Dart i of xoshiro, reached as xoshiro.h says: start one generator, discard, take one output. */
static void xoshiro_darts_are_reached_alone(void **state) {
  (void)state;
  static const uint64_t darts[] = {0,
                                   1,
                                   15,
                                   16,
                                   17,
                                   65535,
                                   65536,
                                   65537,
                                   131071,
                                   UINT64_C(40) * 65536 + 12345,
                                   (UINT64_C(1) << 63) + 77777};
  for (size_t i = 0; i < sizeof darts / sizeof darts[0]; i++) {
    uint64_t within = darts[i] % 65536;
    struct xoshiro generator = xoshiro_start(7, darts[i] / 65536, within % 16);
    for (uint64_t turn = 0; turn < within / 16; turn++) {
      xoshiro_next(&generator);
    }
    uint64_t output = xoshiro_next(&generator);
    struct pi_dart dart;
    xoshiro->throw_darts(7, darts[i], darts[i] + 1, &dart);
    assert_int_equal(dart.x, output >> 33);
    assert_int_equal(dart.y, output % (UINT64_C(1) << 31));
  }
}

/* Generator 5 of block 1000 is number 16005, so it starts from the counters 32010 and 32011. */
static void streams_start_at_their_philox_blocks(void **state) {
  (void)state;
  struct philox_block lower = philox_block_wide(9, 32010, 1);
  struct philox_block upper = philox_block_wide(9, 32011, 1);
  struct xoshiro generator = xoshiro_start(9, 1000, 5);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(generator.word[i] & UINT32_MAX, lower.word[2 * i]);
    assert_int_equal(generator.word[i] >> 32, lower.word[2 * i + 1]);
    assert_int_equal(generator.word[2 + i] & UINT32_MAX, upper.word[2 * i]);
    assert_int_equal(generator.word[2 + i] >> 32, upper.word[2 * i + 1]);
  }
}

/* The points next to the circle, inside and outside. */
static void circle_is_exact(void **state) {
  (void)state;
  assert_true(pi_is_hit((struct pi_dart){0, 0}));
  assert_true(pi_is_hit((struct pi_dart){0x7fffffff, 0}));
  assert_true(pi_is_hit((struct pi_dart){0x7fffffff, 0xffff}));   /* (2^31-1)^2 + (2^16-1)^2 */
  assert_false(pi_is_hit((struct pi_dart){0x7fffffff, 0x10000})); /* 1 above 2^62 */
  assert_false(pi_is_hit((struct pi_dart){0x7fffffff, 0x7fffffff}));
}

static void check_counts_are_pinned(void) {
  assert_int_equal(philox->hits(1, 0, 1000000), 785428);
  assert_int_equal(xoshiro->hits(1, 0, 1000000), 785094);
}

static void counts_are_pinned(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    check_counts_are_pinned();
  }
}

/* Ranges that begin near `edge`, short ones of every kind. */
static void check_ranges_around(const struct pi_generator *generator, uint64_t seed,
                                uint64_t edge) {
  static const uint64_t lengths[] = {0,  1,  2,  3,  7,  8,   9,   15, 16,
                                     17, 31, 33, 63, 65, 127, 129, 300};
  enum { BEFORE = 5, AFTER = 6, WINDOW = BEFORE + AFTER + 300 };
  struct pi_dart darts[WINDOW];
  uint64_t first = edge < BEFORE ? 0 : edge - BEFORE;
  uint64_t end = UINT64_MAX - first < WINDOW ? UINT64_MAX : first + WINDOW;
  generator->throw_darts(seed, first, end, darts);
  for (uint64_t lo = first; lo < first + BEFORE + AFTER; lo++) {
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0] && lengths[i] <= end - lo; i++) {
      uint64_t hits = 0;
      for (uint64_t j = 0; j < lengths[i]; j++) {
        hits += pi_is_hit(darts[lo - first + j]);
      }
      assert_int_equal(generator->hits(seed, lo, lo + lengths[i]), hits);
    }
  }
}

/* Where a block, a stream, a 32-bit counter or the numbers themselves end. */
static void check_edges(void) {
  static const uint64_t edges[] = {0,
                                   16,
                                   65536,
                                   UINT64_C(65536) * 3 + 100,
                                   UINT64_C(1) << 32,
                                   UINT64_C(1) << 33, /* philox counter 2^32 */
                                   UINT64_C(5) << 33,
                                   UINT64_C(1) << 48,
                                   UINT64_C(1) << 63,
                                   UINT64_MAX - 310,
                                   UINT64_MAX - 150};
  for (size_t e = 0; e < sizeof edges / sizeof edges[0]; e++) {
    check_ranges_around(philox, seeds[e % SEEDS], edges[e]);
    check_ranges_around(xoshiro, seeds[e % SEEDS], edges[e]);
  }
}

static void hits_are_right_at_edges(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    check_edges();
  }
}

static void check_long_ranges(void) {
  static const struct {
    uint64_t lo, hi;
  } ranges[] = {
      {0, 200000},
      {1, 199999},
      {65535, 3 * 65536 + 1},
      {65536, 196608},
      {(UINT64_C(1) << 33) - 70001, (UINT64_C(1) << 33) + 70001},
      {(UINT64_C(1) << 63) - 33333, (UINT64_C(1) << 63) + 33333},
      {UINT64_MAX - 100000, UINT64_MAX},
      {5, 5},
      {6, 5}, /* empty, like every range that ends before it begins */
  };
  for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
    uint64_t seed = seeds[r % SEEDS];
    assert_int_equal(philox->hits(seed, ranges[r].lo, ranges[r].hi),
                     pi_hits_by_definition(philox, seed, ranges[r].lo, ranges[r].hi));
    assert_int_equal(xoshiro->hits(seed, ranges[r].lo, ranges[r].hi),
                     pi_hits_by_definition(xoshiro, seed, ranges[r].lo, ranges[r].hi));
  }
}

static void hits_are_right_over_long_ranges(void **state) {
  (void)state;
  FOR_EACH_ISA(isa) {
    check_long_ranges();
  }
}

#ifdef HAVE_RANDOM123
static uint64_t random123_hits(uint64_t seed, uint64_t lo, uint64_t hi) {
  philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  uint64_t hits = 0;
  for (uint64_t i = lo; i < hi; i++) {
    philox4x32_ctr_t counter = {{(uint32_t)(i / 2), (uint32_t)(i / 2 >> 32), 0, 0}};
    philox4x32_ctr_t bits = philox4x32(counter, key);
    uint64_t x = bits.v[i % 2 * 2] >> 1;
    uint64_t y = bits.v[i % 2 * 2 + 1] >> 1;
    hits += x * x + y * y < UINT64_C(1) << 62;
  }
  return hits;
}

static void check_random123(void) {
  for (size_t s = 0; s < SEEDS; s++) {
    assert_int_equal(philox->hits(seeds[s], 0, 1000000), random123_hits(seeds[s], 0, 1000000));
    uint64_t crossing = (UINT64_C(1) << 33) - 50001;
    assert_int_equal(philox->hits(seeds[s], crossing, crossing + 100000),
                     random123_hits(seeds[s], crossing, crossing + 100000));
  }
}
#endif

static void philox_counts_equal_random123(void **state) {
  (void)state;
#ifdef HAVE_RANDOM123
  FOR_EACH_ISA(isa) {
    check_random123();
  }
#else
  print_message("left out: the header Random123/philox.h was not there when this was built\n");
  skip();
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unknown_generator_is_not_found),
      cmocka_unit_test(grains_are_whole_blocks),
      cmocka_unit_test(philox_gives_known_answers),
      cmocka_unit_test(xoshiro_gives_known_answers),
      cmocka_unit_test(xoshiro_darts_are_reached_alone),
      cmocka_unit_test(streams_start_at_their_philox_blocks),
      cmocka_unit_test(circle_is_exact),
      cmocka_unit_test(counts_are_pinned),
      cmocka_unit_test(hits_are_right_at_edges),
      cmocka_unit_test(hits_are_right_over_long_ranges),
      cmocka_unit_test(philox_counts_equal_random123),
  };
  return cmocka_run_group_tests(tests, find_generators, NULL);
}
