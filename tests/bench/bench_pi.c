/* Darts per generator against the loop that everyone writes, and against Random123's own header. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "bench/bench.h"
#include "core/clock.h"
#include "kernels/isa.h"
#include "kernels/pi.h"

#if defined(__has_include) && !defined(__cppcheck__)
#if __has_include(<Random123/philox.h>)
#define HAVE_RANDOM123
#include <Random123/philox.h>
#endif
#endif

enum { DARTS = 1 << 23, REFERENCE_DARTS = 1 << 21 };

static void throw_philox(void *data) {
  (void)data;
  bench_sink += pi_generator_find("philox")->hits(1, 0, DARTS);
}

static void throw_xoshiro(void *data) {
  (void)data;
  bench_sink += pi_generator_find("xoshiro")->hits(1, 0, DARTS);
}

static void throw_drand48(void *data) {
  (void)data;
  unsigned hits = 0;
  for (int i = 0; i < REFERENCE_DARTS; i++) {
    double x = drand48();
    double y = drand48();
    hits += x * x + y * y < 1;
  }
  bench_sink += hits;
}

#ifdef HAVE_RANDOM123
/* The same darts as ours, as its documentation would have one write it. */
static void throw_random123(void *data) {
  (void)data;
  philox4x32_key_t key = {{1, 0}};
  uint64_t hits = 0;
  for (uint32_t i = 0; i < REFERENCE_DARTS / 2; i++) {
    philox4x32_ctr_t counter = {{i, 0, 0, 0}};
    philox4x32_ctr_t bits = philox4x32(counter, key);
    for (size_t w = 0; w < 4; w += 2) {
      uint64_t x = bits.v[w] >> 1;
      uint64_t y = bits.v[w + 1] >> 1;
      hits += (x * x + y * y) >> 62 == 0;
    }
  }
  bench_sink += hits;
}
#endif

/* Core cycles a nanosecond, from a chain of operations that take a cycle each; the best of several
   tries, since another process may cut in. */
static double clock_rate(void) {
  enum { STEPS = 200000, CHAIN = 16, TRIES = 20 };
  uint64_t x = 1;
  uint64_t y = clock_seconds() > 0;
  double best = 0;
  for (int i = 0; i < TRIES; i++) {
    double start = clock_seconds();
    for (int step = 0; step < STEPS; step++) {
      for (int chain = 0; chain < CHAIN; chain++) {
        x ^= y;
        __asm__ volatile("" : "+r"(x)); /* or two xors would cancel */
      }
    }
    double rate = STEPS * CHAIN / (clock_seconds() - start) / 1e9;
    best = rate > best ? rate : best;
  }
  bench_sink += x;
  return best;
}

void bench_pi(void) {
  /* Cycles a dart: vector instructions of the inner loop / (darts in a vector * vector ports).
     philox: 2 to make the counters, 7 in rounds 1 and 2, 8 rounds of 6 (8 without a three-way xor),
     14 to test 2 darts a counter. xoshiro: 9 to step (14 without rotate and three-way xor), 7 to
     test. Intel cores have 2 ports for 512-bit vectors and 3 for narrower ones. */
  static const double philox_cycles[] = {87 / (4 * 3.), 87 / (8 * 3.), 71 / (16 * 2.)};
  static const double xoshiro_cycles[] = {21 / (2 * 3.), 21 / (4 * 3.), 16 / (8 * 2.)};
  double rate = clock_rate();
  double philox_bound = philox_cycles[isa_current()] / rate;
  double xoshiro_bound = xoshiro_cycles[isa_current()] / rate;

  bench_row(&(struct bench){.kernel = "pi, philox",
                            .against = "drand48 loop",
                            .items = DARTS,
                            .reference_items = REFERENCE_DARTS,
                            .ours = throw_philox,
                            .reference = throw_drand48,
                            .wanted = {2.8, 6, 9},
                            .bound_ns = philox_bound});
#ifdef HAVE_RANDOM123
  bench_row(&(struct bench){.kernel = "pi, philox",
                            .against = "librandom123 loop, same darts",
                            .items = DARTS,
                            .reference_items = REFERENCE_DARTS,
                            .ours = throw_philox,
                            .reference = throw_random123,
                            .bound_ns = philox_bound});
#endif
  bench_row(&(struct bench){.kernel = "pi, xoshiro",
                            .against = "drand48 loop",
                            .items = DARTS,
                            .reference_items = REFERENCE_DARTS,
                            .ours = throw_xoshiro,
                            .reference = throw_drand48,
                            .wanted = {7, 15, 24},
                            .bound_ns = xoshiro_bound});
  bench_row(&(struct bench){.kernel = "pi, xoshiro",
                            .against = "pi, philox",
                            .items = DARTS,
                            .reference_items = DARTS,
                            .ours = throw_xoshiro,
                            .reference = throw_philox,
                            .bound_ns = xoshiro_bound});
}
