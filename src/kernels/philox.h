/* Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random
   Numbers: As Easy as 1, 2, 3" (SC11). A block is a pure function of (key, counter), so every
   sample is the same whichever rank draws it, and no state has to be set up or passed on. */
#pragma once

#include <stdint.h>

struct philox_block {
  uint32_t word[4];
};

/* The block of `counter` (words low, high, 0, 0) under `key` (words low, high). */
static inline struct philox_block philox_block(uint64_t key, uint64_t counter) {
  uint32_t c0 = (uint32_t)counter;
  uint32_t c1 = (uint32_t)(counter >> 32);
  uint32_t c2 = 0;
  uint32_t c3 = 0;
  uint32_t k0 = (uint32_t)key;
  uint32_t k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t product0 = (uint64_t)0xD2511F53 * c0;
    uint64_t product1 = (uint64_t)0xCD9E8D57 * c2;
    c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)product1;
    c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)product0;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return (struct philox_block){{c0, c1, c2, c3}};
}
