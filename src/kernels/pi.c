#include "kernels/pi.h"

#include "kernels/philox.h"

bool pi_is_hit(uint64_t seed, uint64_t sample) {
  struct philox_block block = philox_block(seed, sample / 2);
  uint64_t x = block.word[2 * (sample % 2)] >> 1;
  uint64_t y = block.word[2 * (sample % 2) + 1] >> 1;
  return x * x + y * y < UINT64_C(1) << 62;
}

uint64_t pi_hits(uint64_t seed, uint64_t lo, uint64_t hi) {
  uint64_t hits = 0;
  if (lo < hi && lo % 2 == 1) {
    hits += pi_is_hit(seed, lo++);
  }
  if (lo < hi && hi % 2 == 1) {
    hits += pi_is_hit(seed, --hi);
  }
  return hits + PICK_CLONE(pi_block_hits)(seed, lo / 2, hi / 2);
}
