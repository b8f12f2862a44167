/* Philox darts, many counters at once (kernels/philox_lanes.h). */
#include "kernels/darts.h"
#include "kernels/philox_lanes.h"
#include "kernels/pi.h"

/* The upper 31 bits of the word in each low half. */
static inline word_lanes coordinate(word_lanes words) {
  return (word_lanes)((half_lanes)words >> 1);
}

/* misses[g] becomes the number of misses, 0 to 2, among the darts of each of counters[g]. */
static inline void count_misses(const struct philox_run *run,
                                const word_lanes counters[PHILOX_GROUP],
                                word_lanes misses[PHILOX_GROUP]) {
  word_lanes words[4][PHILOX_GROUP];
  philox_lanes_blocks(run, counters, words);
  for (int g = 0; g < PHILOX_GROUP; g++) {
    misses[g] = dart_misses(coordinate(words[0][g]), coordinate(words[1][g])) +
                dart_misses(coordinate(words[2][g]), coordinate(words[3][g]));
  }
}

/* Misses among the darts of `count` counters from `first` on, that cross no multiple of 2^32. */
static uint64_t run_misses(uint64_t seed, uint64_t first, uint64_t count) {
  struct philox_run run = philox_run_start(seed, (uint32_t)(first >> 32));
  word_lanes total = {0};
  for (uint64_t done = 0; done < count; done += PHILOX_GROUP_COUNTERS) {
    word_lanes counters[PHILOX_GROUP], misses[PHILOX_GROUP];
    philox_lanes_counters(first + done, counters);
    count_misses(&run, counters, misses);
    for (uint64_t g = 0; g < PHILOX_GROUP; g++) {
      if (count - done < PHILOX_GROUP_COUNTERS) {
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
