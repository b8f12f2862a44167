#include "kernels/philox.h"
#include "kernels/pi.h"

uint64_t CLONE(pi_block_hits)(uint64_t seed, uint64_t lo, uint64_t hi) {
  uint64_t hits = 0;
  for (uint64_t counter = lo; counter < hi; counter++) {
    struct philox_block block = philox_block(seed, counter);
    for (int i = 0; i < 4; i += 2) {
      uint64_t x = block.word[i] >> 1;
      uint64_t y = block.word[i + 1] >> 1;
      hits += (x * x + y * y) >> 62 == 0;
    }
  }
  return hits;
}
