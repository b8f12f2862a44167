/* Many uniforms at once. A double is put together from its two words w (high) and v (low) without
   converting integers, which instruction sets do differently: w below the exponent of 2^20 reads as
   2^20 + w 2^-32, the upper 21 bits of v below that of 2^-1 as 1/2 + (v >> 11) 2^-53. The constants
   are taken off again by one subtraction and one addition, both exact. */
#include "kernels/uniforms.h"

#include "kernels/philox_lanes.h"

static const uint64_t HIGH_EXPONENT = (uint64_t)(1023 + 20) << 52;
static const uint64_t LOW_EXPONENT = (uint64_t)(1023 - 1) << 52;

static inline real_lanes uniform_of(word_lanes low_word, word_lanes high_word) {
  const word_lanes low_half = lanes_of(UINT32_MAX);
  word_lanes high = (high_word & low_half) | HIGH_EXPONENT;
  word_lanes low = ((word_lanes)((half_lanes)low_word >> 11) & low_half) | LOW_EXPONENT;
  return ((real_lanes)high - (0x1p20 + 0.5)) + (real_lanes)low;
}

static void run_uniforms(uint64_t seed, uint64_t first, uint64_t count, double *to) {
  struct philox_run run = philox_run_start(seed, (uint32_t)(first >> 32));
  for (uint64_t done = 0; done < count; done += PHILOX_GROUP_COUNTERS) {
    word_lanes counters[PHILOX_GROUP], words[4][PHILOX_GROUP];
    philox_lanes_counters(first + done, counters);
    philox_lanes_blocks(&run, counters, words);
    for (uint64_t g = 0; g < PHILOX_GROUP; g++) {
      real_lanes first_half, second_half;
      lanes_interleave(uniform_of(words[0][g], words[1][g]), uniform_of(words[2][g], words[3][g]),
                       &first_half, &second_half);
      double *at = to + 2 * (done + g * WORD_LANES);
      memcpy(at, &first_half, sizeof first_half);
      memcpy(at + WORD_LANES, &second_half, sizeof second_half);
    }
  }
}

_Static_assert(2 * PHILOX_GROUP_COUNTERS <= UNIFORMS_SLACK, "a group must fit the slack");

void CLONE(uniforms_blocks)(uint64_t seed, uint64_t lo, uint64_t hi, double *to) {
  while (lo < hi) {
    uint64_t end = (lo | UINT32_MAX) + 1;
    end = end - 1 < hi - 1 ? end : hi; /* end is 0 past the last of all */
    run_uniforms(seed, lo, end - lo, to);
    to += 2 * (end - lo);
    lo = end;
  }
}
