/* What the ranks do with the array, step by step, and what each of them finds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/uint128.h"
#include "probes/array_memory.h"

enum array_fill { ARRAY_FILL_RANK, ARRAY_FILL_RANDOM };

enum array_step {
  ARRAY_TOUCH,  /* every rank stores the default into its own rows, whose pages come to be */
  ARRAY_MAP,    /* looks into each page of the rows that it will verify, which maps them */
  ARRAY_EXPECT, /* looks whether the default stands in its own rows */
  ARRAY_WRITE,  /* writes its rows */
  ARRAY_VERIFY, /* and counts or adds up those of its neighbour on the node */
  ARRAY_REMAKE, /* random: makes the rows of the neighbour after that again, and compares */
  ARRAY_STEPS
};

/* What one rank found. Plain data: it is sent as bytes. */
struct array_findings {
  double start[ARRAY_STEPS], end[ARRAY_STEPS]; /* on the clock that all hosts share; 0: not done */
  uint64_t rows;                               /* its own */
  uint64_t unexpected;    /* values of its own rows that were not the default */
  int32_t verified;       /* the rank whose rows it verified */
  int32_t remade;         /* random: the rank whose rows it made again */
  uint64_t confirmed;     /* values of these rows that are what they should be */
  uint64_t seen_sum[2];   /* random: of the verified rows, in units of 2^-53: low, high */
  uint64_t made_sum[2];   /* random: of the rows made again */
  uint64_t node_rows;     /* of its node */
  int32_t node;           /* which its node is: the first place on it */
  int32_t knows_memory;   /* the next two mean something */
  uint64_t memory_before; /* this process's share, before the array was there */
  uint64_t memory_after;  /* and when all had written and looked */
};

struct array_steps {
  const struct array_memory *memory;
  enum array_fill fill;
  uint64_t seed;
  bool streaming;   /* stores go past the caches */
  uint64_t *counts; /* array_values.h: of what this rank verified; not for random ones */
  struct array_findings findings;
};

/* Not collective. STATUS_FAILED: out of memory. */
enum status array_steps_open(struct array_steps *steps, const struct array_memory *memory,
                             enum array_fill fill, uint64_t seed, struct fault *fault);
void array_steps_close(struct array_steps *steps);

/* Each collective, to be taken in this order: touching and mapping, expecting, writing, verifying
   and making again. */
void array_steps_touch(struct array_steps *steps);
void array_steps_expect(struct array_steps *steps);
void array_steps_write(struct array_steps *steps);
void array_steps_verify(struct array_steps *steps);

uint128_t array_sum(const uint64_t sum[2]);
