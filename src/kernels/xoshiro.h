/* xoshiro256++ 1.0 (D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators",
   ACM Transactions on Mathematical Software 47, 2021), cut into short streams, so that any output
   can be reached from its number alone.

   Output i of a seed belongs to block b = i / XOSHIRO_BLOCK. Each block has XOSHIRO_STREAMS
   generators that take turns: with o = i % XOSHIRO_BLOCK, it is output o / XOSHIRO_STREAMS (from 0)
   of the block's generator o % XOSHIRO_STREAMS. Generator g of block b starts from two Philox
   blocks under the seed, of counters 2n and 2n + 1 with n = XOSHIRO_STREAMS * b + g, in a half of
   the counter space of which Philox darts never draw.

   Why this is sound: for one seed Philox is a bijection, so all starting states of all blocks
   differ, and none is the all-zero state that xoshiro must avoid (it would take two equal Philox
   blocks). The states lie at random on a cycle of 2^256 - 1; the chance that any two of all
   2^52 streams of 2^12 outputs overlap is below 2^104 * 2^13 / 2^256 = 2^-139. */
#pragma once

#include <stdint.h>

#include "kernels/philox.h"

/* 16 streams fill two registers of AVX-512, which hides the latency of one. With 2^16 outputs a
   block the start of its streams is 1 or 2 % of the time. */
enum { XOSHIRO_STREAMS = 16, XOSHIRO_BLOCK = 1 << 16 };

struct xoshiro {
  uint64_t word[4];
};

/* Generator `stream` of `block`. */
static inline struct xoshiro xoshiro_start(uint64_t seed, uint64_t block, uint64_t stream) {
  struct xoshiro generator;
  for (uint64_t half = 0; half < 2; half++) {
    uint64_t counter = 2 * (XOSHIRO_STREAMS * block + stream) + half;
    struct philox_block bits = philox_block_wide(seed, counter, 1);
    generator.word[2 * half] = bits.word[0] | (uint64_t)bits.word[1] << 32;
    generator.word[2 * half + 1] = bits.word[2] | (uint64_t)bits.word[3] << 32;
  }
  return generator;
}

static inline uint64_t xoshiro_next(struct xoshiro *generator) {
  uint64_t *word = generator->word;
  uint64_t sum = word[0] + word[3];
  uint64_t output = (sum << 23 | sum >> 41) + word[0];
  uint64_t shifted = word[1] << 17;
  word[2] ^= word[0];
  word[3] ^= word[1];
  word[1] ^= word[2];
  word[0] ^= word[3];
  word[2] ^= shifted;
  word[3] = word[3] << 45 | word[3] >> 19;
  return output;
}
