/* Trial division against the textbook's loop: n % i for every odd i. */
#include <stdbool.h>
#include <stdint.h>

#include "bench/bench.h"
#include "kernels/divisor.h"

/* What is divided, over which numbers; the plain loop does a part of them, in the middle. */
struct division {
  uint128_t n;
  uint64_t lo, hi;
  uint64_t loop_lo, loop_hi;
  bool has_target;
};

static void ours(void *data) {
  const struct division *division = data;
  uint64_t candidates = 0;
  bench_sink += divisor_find_128(division->n, division->lo, division->hi, &candidates);
}

static void loop_64(void *data) {
  const struct division *division = data;
  uint64_t n = (uint64_t)division->n;
  for (uint64_t i = division->loop_lo | 1; i < division->loop_hi; i += 2) {
    if (n % i == 0) {
      bench_sink += i;
      return;
    }
  }
}

static void loop_128(void *data) {
  const struct division *division = data;
  for (uint64_t i = division->loop_lo | 1; i < division->loop_hi; i += 2) {
    if (division->n % i == 0) {
      bench_sink += i;
      return;
    }
  }
}

static void row(const char *kernel, struct division division) {
  bool wide = division.n >> 64 != 0;
  double target = division.has_target ? 1 : 0;
  struct bench bench = {
      .kernel = kernel,
      .against = wide ? "128-bit n % i, odd i" : "n % i, odd i",
      .items = (double)(division.hi - division.lo),
      .reference_items = (double)(division.loop_hi - division.loop_lo),
      .ours = ours,
      .reference = wide ? loop_128 : loop_64,
      .data = &division,
      .wanted = {target * 5, target * 10, target * 12},
      /* By operations, two a cycle at 3 GHz, 48 candidates in 210 numbers: four for 16 candidates;
         with 128 bits 31 for 8. */
      .bound_ns = wide ? 0.15 : 0.0095,
  };
  bench_row(&bench);
}

void bench_divisor(void) {
  const uint64_t million = 1000000;
  const uint64_t hundred_quadrillion = UINT64_C(100109100129100151);
  const uint64_t below_2_64 = UINT64_C(18446744073709551557);
  row("divisor, prime 1.0e17", (struct division){.n = hundred_quadrillion,
                                                 .lo = 2,
                                                 .hi = 316400222,
                                                 .loop_lo = 150 * million,
                                                 .loop_hi = 170 * million,
                                                 .has_target = true});
  row("divisor, prime above 2^63", (struct division){.n = below_2_64,
                                                     .lo = 2,
                                                     .hi = UINT32_MAX,
                                                     .loop_lo = 2000 * million,
                                                     .loop_hi = 2020 * million,
                                                     .has_target = true});
  /* Small numbers take a fraction of a millisecond; 128-bit ones are limited by --limit. */
  row("divisor, prime 1e12",
      (struct division){
          .n = 1000000000039, .lo = 2, .hi = 1000001, .loop_lo = million / 2, .loop_hi = million});
  row("divisor, 2^127 - 1", (struct division){.n = ((uint128_t)1 << 127) - 1,
                                              .lo = 2,
                                              .hi = 50 * million,
                                              .loop_lo = 10 * million,
                                              .loop_hi = 15 * million});
}
