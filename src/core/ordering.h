/* The order in which results reach their consumer: as they come, in the order of the input, or
   sorted at the end. Results are numbered 0 to count-1, and each must come exactly once. */
#pragma once

#include <stdint.h>

#include "core/fault.h"

enum ordering_kind {
  ORDERING_COMPLETION, /* as they come; nothing is kept */
  ORDERING_INPUT,      /* in ascending order, as early as can be; a window of them is kept */
  ORDERING_SORTED,     /* in ascending order, at the end; all are kept */
};

#define ORDERING_NAMES "completion|input|sorted"

/* One of ORDERING_NAMES. */
enum ordering_kind ordering_find(const char *name);

struct ordering_consumer {
  enum status (*take)(void *data, uint64_t number, uint64_t result, struct fault *fault);
  void *data;
};

struct ordering {
  enum ordering_kind kind;
  uint64_t count, window;
  struct ordering_consumer consumer;
  uint64_t put;  /* results that came */
  uint64_t next; /* ORDERING_INPUT: the oldest that is missing */
  uint64_t kept; /* room for so many, result i at i mod kept */
  uint64_t *results;
  unsigned char *present;
};

/* Bytes that it will take. */
uint64_t ordering_bytes(enum ordering_kind kind, uint64_t count, uint64_t window);

/* window: with ORDERING_INPUT, how many results may be ahead of the oldest that is missing, itself
   counted; at least 1. */
enum status ordering_open(struct ordering *ordering, enum ordering_kind kind, uint64_t count,
                          uint64_t window, struct ordering_consumer consumer, struct fault *fault);

/* One past the highest number that may be put now. It only grows. */
uint64_t ordering_limit(const struct ordering *ordering);

/* A result came. A number that is none, or at or above the limit, or (where results are kept) came
   before is a fault; so is one of the consumer's. */
enum status ordering_put(struct ordering *ordering, uint64_t number, uint64_t result,
                         struct fault *fault);

/* After the last one. Missing results are a fault. */
enum status ordering_end(struct ordering *ordering, struct fault *fault);

void ordering_close(struct ordering *ordering);
