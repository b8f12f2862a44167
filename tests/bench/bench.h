/* Comparing a kernel with a reference in the same run: A and B alternate, so that a drifting clock
   cancels, and the medians are compared. */
#pragma once

struct bench {
  const char *kernel;     /* what of ours is measured: "pi, philox" */
  const char *against;    /* the reference: "drand48 loop", "librandom123" */
  double items;           /* items a call of `ours` does; for ns per item */
  double reference_items; /* items a call of `reference` does */
  void (*ours)(void *data);
  void (*reference)(void *data);
  void *data;
  double wanted[3]; /* least ratio wanted on baseline, v3 and v4; 0: none */
  double bound_ns;  /* ns per item that the hardware allows, by paper count for v4; 0: not known */
};

/* Measure and print one row: kernel, against, ns per item of both, ratio (reference time per item /
   our time per item), its range over the rounds, wanted, verdict, bound. */
void bench_row(const struct bench *bench);

/* Keeps a result alive, so that the compiler cannot drop the loop that made it. */
extern volatile unsigned long long bench_sink;

/* The groups of rows, one file bench_NAME.c each, that exports void bench_NAME(void). */
#define BENCHES(X) X(pi) X(divisor) X(primes) X(kde)
#define BENCH_DECLARE(name) void bench_##name(void);
BENCHES(BENCH_DECLARE)
#undef BENCH_DECLARE
