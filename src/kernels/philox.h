/* Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random
   Numbers: As Easy as 1, 2, 3" (SC11). A block is a pure function of (key, counter), so every
   sample is the same whichever rank draws it, and no state has to be set up or passed on. */
#pragma once

#include <stdint.h>

#define PHILOX_MULTIPLIER0 0xD2511F53
#define PHILOX_MULTIPLIER1 0xCD9E8D57
#define PHILOX_KEY_STEP0 0x9E3779B9
#define PHILOX_KEY_STEP1 0xBB67AE85

enum { PHILOX_ROUNDS = 10 };

struct philox_block {
  uint32_t word[4];
};

/* The block of the 128-bit counter high * 2^64 + low (least significant word first) under `key`
   (words low, high). For one key it is a bijection: two counters never give the same block. */
static inline struct philox_block philox_block_wide(uint64_t key, uint64_t low, uint64_t high) {
  uint32_t c0 = (uint32_t)low;
  uint32_t c1 = (uint32_t)(low >> 32);
  uint32_t c2 = (uint32_t)high;
  uint32_t c3 = (uint32_t)(high >> 32);
  uint32_t k0 = (uint32_t)key;
  uint32_t k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    uint64_t product0 = (uint64_t)PHILOX_MULTIPLIER0 * c0;
    uint64_t product1 = (uint64_t)PHILOX_MULTIPLIER1 * c2;
    c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)product1;
    c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)product0;
    k0 += PHILOX_KEY_STEP0;
    k1 += PHILOX_KEY_STEP1;
  }
  return (struct philox_block){{c0, c1, c2, c3}};
}

/* The block of a 64-bit counter: words low, high, 0, 0. */
static inline struct philox_block philox_block(uint64_t key, uint64_t counter) {
  return philox_block_wide(key, counter, 0);
}
