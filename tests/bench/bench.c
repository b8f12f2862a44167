#include "bench/bench.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/stats.h"
#include "kernels/isa.h"

enum { ROUNDS = 9 };

volatile unsigned long long bench_sink;

static double time_call(void (*call)(void *), void *data) {
  double start = clock_seconds();
  call(data);
  return clock_seconds() - start;
}

void bench_row(const struct bench *bench) {
  double ours[ROUNDS];
  double reference[ROUNDS];
  double ratios[ROUNDS];
  time_call(bench->ours, bench->data); /* warm caches and clocks */
  for (int round = 0; round < ROUNDS; round++) {
    ours[round] = time_call(bench->ours, bench->data) / bench->items;
    reference[round] = time_call(bench->reference, bench->data) / bench->reference_items;
    ratios[round] = reference[round] / ours[round];
  }
  struct stats ours_stats = stats_of(ours, ROUNDS);
  struct stats reference_stats = stats_of(reference, ROUNDS);
  struct stats ratio = stats_of(ratios, ROUNDS);
  double wanted = bench->wanted[isa_current()];
  char wanted_text[32] = "-";
  char bound_text[32] = "-";
  if (wanted > 0) {
    snprintf(wanted_text, sizeof wanted_text, "%.3g", wanted);
  }
  if (bench->bound_ns > 0) {
    snprintf(bound_text, sizeof bound_text, "%.3g", bench->bound_ns);
  }
  printf("%-28s %-34s %9.4g %9.4g %8.3g  %6.3g..%-6.3g %7s %-5s %7s\n", bench->kernel,
         bench->against, 1e9 * ours_stats.median, 1e9 * reference_stats.median, ratio.median,
         ratio.min, ratio.max, wanted_text,
         wanted <= 0              ? ""
         : ratio.median >= wanted ? "ok"
                                  : "BELOW",
         bound_text);
  fflush(stdout);
}
