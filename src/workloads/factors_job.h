/* What the parts of the workload `factors` share. */
#pragma once

#include "kernels/factors.h"
#include "workloads/workload.h"

struct factors {
  uint64_t lo, hi, limit, bins;
  char *kernel;
};

/* How the tally's sums are laid out; its minima are the bins' most divisions, inverted. */
struct factors_layout {
  size_t larger_divisions; /* behind the counts of the classes, and of larger factors */
  size_t bins;             /* the first bin's sums */
};
enum factors_bin_sum { BIN_PRIMES, BIN_PRIME_DIVISIONS, BIN_COMPOSITE_DIVISIONS, BIN_SUMS };

struct factors_layout factors_layout(const struct factors_table *table);

/* The range is cut into so many parts, no more than it has numbers. */
uint64_t factors_bins(const struct factors *factors);

/* The numbers of a bin. */
struct range factors_bin(const struct factors *factors, uint64_t bin);

/* A bin's tally. */
struct factors_bin_tally {
  struct range numbers;
  uint64_t primes, prime_divisions, composites, composite_divisions, most;
};
struct factors_bin_tally factors_bin_tally(const struct job *job, const struct tally *tally,
                                           uint64_t bin);

/* --kernel */
factors_kernel *factors_kernel_of(const struct factors *factors);

/* The answer from the merged tally, on rank 0, and as tables. */
void factors_answer(const struct job *job, const struct tally *tally, json_t *answer);
void factors_tabulate(const json_t *answer, struct table *table);

/* The independent check of the answer: is it right, and what was looked at. */
bool factors_check(const struct job *job, const struct tally *tally, char *text, size_t size);
