/* Philox darts, many counters at once.

   The trick: a lane is 64 bits wide and holds one 32-bit word of one counter's block in its low
   half. A round multiplies two words to 64 bits; the multiply reads low halves only, so a product
   can stay as it is to serve as its own low word, and one shift gives its high word: what lands in
   the high halves on the way is never looked at. That makes 6 instructions a round (2 multiplies,
   2 shifts, 2 three-way xors; 2 more xors where the CPU has two-way ones only).

   The counters' words 1, 2 and 3 are the same for all counters of a run that crosses no multiple of
   2^32. What rounds 1 and 2 make of these alone is done once a run. */
#include "kernels/darts.h"
#include "kernels/lanes.h"
#include "kernels/philox.h"
#include "kernels/pi.h"

/* What all counters of a run share. */
struct run {
  uint64_t key0[PHILOX_ROUNDS], key1[PHILOX_ROUNDS]; /* round keys */
  uint64_t high, low; /* words of round 2's first product; garbage above 32 bits in low */
};

static struct run run_start(uint64_t seed, uint32_t counter_high) {
  struct run run;
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
enum { GROUP = 4, GROUP_COUNTERS = GROUP * WORD_LANES };

/* The upper 31 bits of the word in each low half. */
static inline word_lanes coordinate(word_lanes words) {
  return (word_lanes)((half_lanes)words >> 1);
}

/* misses[g] becomes the number of misses, 0 to 2, among the darts of each of counters[g]. */
static inline void count_misses(const struct run *run, const word_lanes counters[GROUP],
                                word_lanes misses[GROUP]) {
  const word_lanes multiplier0 = lanes_of(PHILOX_MULTIPLIER0);
  const word_lanes multiplier1 = lanes_of(PHILOX_MULTIPLIER1);
  word_lanes word0[GROUP], word1[GROUP], word2[GROUP], word3[GROUP];
  for (int g = 0; g < GROUP; g++) { /* rounds 1 and 2, what is left of them */
    word_lanes product0 = lanes_multiply_low(counters[g], multiplier0);
    word_lanes product1 = lanes_multiply_low((product0 >> 32) ^ run->key1[0], multiplier1);
    word0[g] = (product1 >> 32) ^ run->key0[1];
    word1[g] = product1;
    word2[g] = product0 ^ (run->high ^ run->key1[1]);
    word3[g] = lanes_of(run->low);
  }
  for (int round = 2; round < PHILOX_ROUNDS; round++) {
    for (int g = 0; g < GROUP; g++) {
      word_lanes product0 = lanes_multiply_low(word0[g], multiplier0);
      word_lanes product1 = lanes_multiply_low(word2[g], multiplier1);
      word0[g] = (product1 >> 32) ^ word1[g] ^ run->key0[round];
      word1[g] = product1;
      word2[g] = (product0 >> 32) ^ word3[g] ^ run->key1[round];
      word3[g] = product0;
    }
  }
  for (int g = 0; g < GROUP; g++) {
    misses[g] = dart_misses(coordinate(word0[g]), coordinate(word1[g])) +
                dart_misses(coordinate(word2[g]), coordinate(word3[g]));
  }
}

/* Misses among the darts of `count` counters from `first` on, that cross no multiple of 2^32. */
static uint64_t run_misses(uint64_t seed, uint64_t first, uint64_t count) {
  struct run run = run_start(seed, (uint32_t)(first >> 32));
  word_lanes total = {0};
  for (uint64_t done = 0; done < count; done += GROUP_COUNTERS) {
    word_lanes counters[GROUP], misses[GROUP];
    for (uint64_t g = 0; g < GROUP; g++) {
      counters[g] = lanes_numbers() + (first + done + g * WORD_LANES);
    }
    count_misses(&run, counters, misses);
    for (uint64_t g = 0; g < GROUP; g++) {
      if (count - done < GROUP_COUNTERS) {
        misses[g] &= (word_lanes)(lanes_numbers() + (done + g * WORD_LANES) < count);
      }
      total += misses[g];
    }
  }
  return lanes_sum(total);
}

uint64_t CLONE(pi_philox_hits)(uint64_t seed, uint64_t lo, uint64_t hi) {
  uint64_t hits = 0;
  while (lo < hi) {
    uint64_t end = (lo | UINT32_MAX) + 1;
    end = end < hi ? end : hi;
    hits += 2 * (end - lo) - run_misses(seed, lo, end - lo);
    lo = end;
  }
  return hits;
}
