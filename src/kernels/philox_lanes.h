/* Philox (kernels/philox.h), many counters at once, for files of kernels/clones/.

   The trick: a lane is 64 bits wide and holds one 32-bit word of one counter's block in its low
   half. A round multiplies two words to 64 bits; the multiply reads low halves only, so a product
   can stay as it is to serve as its own low word, and one shift gives its high word: what lands in
   the high halves on the way is never looked at. That makes 6 instructions a round (2 multiplies,
   2 shifts, 2 three-way xors; 2 more xors where the CPU has two-way ones only).

   The counters' words 1, 2 and 3 are the same for all counters of a run that crosses no multiple of
   2^32. What rounds 1 and 2 make of these alone is done once a run. */
#pragma once

#include "kernels/lanes.h"
#include "kernels/philox.h"

/* What all counters of a run share. */
struct philox_run {
  uint64_t key0[PHILOX_ROUNDS], key1[PHILOX_ROUNDS]; /* round keys */
  uint64_t high, low; /* words of round 2's first product; garbage above 32 bits in low */
};

static inline struct philox_run philox_run_start(uint64_t seed, uint32_t counter_high) {
  struct philox_run run;
  for (uint32_t round = 0; round < PHILOX_ROUNDS; round++) {
    run.key0[round] = (uint32_t)seed + round * PHILOX_KEY_STEP0;
    run.key1[round] = (uint32_t)(seed >> 32) + round * PHILOX_KEY_STEP1;
  }
  uint64_t word0 = counter_high ^ (uint32_t)seed;
  run.low = PHILOX_MULTIPLIER0 * word0;
  run.high = run.low >> 32;
  return run;
}

/* Vectors of counters that go through the rounds side by side. A round has to wait for its
   multiply; four vectors keep the units busy meanwhile. (1, 2, 3, 4, 5, 6, 8 were tried with gcc 12
   and clang 14 on a Sapphire Rapids: 4 is best or near it everywhere; beyond it SSE2 and AVX2
   spill.) */
enum { PHILOX_GROUP = 4, PHILOX_GROUP_COUNTERS = PHILOX_GROUP * WORD_LANES };

/* first, first + 1, ... */
static inline void philox_lanes_counters(uint64_t first, word_lanes counters[PHILOX_GROUP]) {
  for (uint64_t g = 0; g < PHILOX_GROUP; g++) {
    counters[g] = lanes_numbers() + (first + g * WORD_LANES);
  }
}

/* The four words of each counter's block, in the low halves; the high ones hold garbage. The
   counters are of one run, all with the upper half that it was started with. */
static inline void philox_lanes_blocks(const struct philox_run *run,
                                       const word_lanes counters[PHILOX_GROUP],
                                       word_lanes words[4][PHILOX_GROUP]) {
  const word_lanes multiplier0 = lanes_of(PHILOX_MULTIPLIER0);
  const word_lanes multiplier1 = lanes_of(PHILOX_MULTIPLIER1);
  word_lanes *word0 = words[0];
  word_lanes *word1 = words[1];
  word_lanes *word2 = words[2];
  word_lanes *word3 = words[3];
  for (int g = 0; g < PHILOX_GROUP; g++) { /* rounds 1 and 2, what is left of them */
    word_lanes product0 = lanes_multiply_low(counters[g], multiplier0);
    word_lanes product1 = lanes_multiply_low((product0 >> 32) ^ run->key1[0], multiplier1);
    word0[g] = (product1 >> 32) ^ run->key0[1];
    word1[g] = product1;
    word2[g] = product0 ^ (run->high ^ run->key1[1]);
    word3[g] = lanes_of(run->low);
  }
  for (int round = 2; round < PHILOX_ROUNDS; round++) {
    for (int g = 0; g < PHILOX_GROUP; g++) {
      word_lanes product0 = lanes_multiply_low(word0[g], multiplier0);
      word_lanes product1 = lanes_multiply_low(word2[g], multiplier1);
      word0[g] = (product1 >> 32) ^ word1[g] ^ run->key0[round];
      word1[g] = product1;
      word2[g] = (product0 >> 32) ^ word3[g] ^ run->key1[round];
      word3[g] = product0;
    }
  }
}
