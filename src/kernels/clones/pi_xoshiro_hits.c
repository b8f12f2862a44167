/* xoshiro darts of one block, its streams side by side: a lane is a stream.

   Counting does not care for order, so a few streams run through the whole block with their states
   in registers before the next few start: any register width does the same work. */
#include "kernels/darts.h"
#include "kernels/lanes.h"
#include "kernels/pi.h"
#include "kernels/xoshiro.h"

/* Two vectors of streams take turns, to hide the latency of a step. */
enum { PAIR = 2, PAIR_STREAMS = PAIR * WORD_LANES };
_Static_assert(XOSHIRO_STREAMS % PAIR_STREAMS == 0, "streams must fill pairs of registers");

static inline word_lanes rotate(word_lanes v, int by) {
  return v << by | v >> (64 - by);
}

/* xoshiro_next() in every lane; 1 where the dart misses. */
static inline word_lanes next_misses(word_lanes word[4]) {
  word_lanes output = rotate(word[0] + word[3], 23) + word[0];
  word_lanes shifted = word[1] << 17;
  word[2] ^= word[0];
  word[3] ^= word[1];
  word[1] ^= word[2];
  word[0] ^= word[3];
  word[2] ^= shifted;
  word[3] = rotate(word[3], 45);
  return dart_misses(output >> 33, output & 0x7fffffff);
}

uint64_t CLONE(pi_xoshiro_hits)(uint64_t seed, uint64_t block, uint64_t count) {
  word_lanes misses = {0};
  for (uint64_t first = 0; first < XOSHIRO_STREAMS; first += PAIR_STREAMS) {
    word_lanes word[PAIR][4];
    for (uint64_t i = 0; i < PAIR_STREAMS; i++) {
      struct xoshiro generator = xoshiro_start(seed, block, first + i);
      for (int w = 0; w < 4; w++) {
        word[i / WORD_LANES][w][i % WORD_LANES] = generator.word[w];
      }
    }
    for (uint64_t turn = 0; turn < count / XOSHIRO_STREAMS; turn++) {
      for (int v = 0; v < PAIR; v++) {
        misses += next_misses(word[v]);
      }
    }
    /* The last turn is not for all streams. */
    for (uint64_t v = 0; v < PAIR; v++) {
      word_lanes streams = lanes_numbers() + (first + v * WORD_LANES);
      misses += next_misses(word[v]) & (word_lanes)(streams < count % XOSHIRO_STREAMS);
    }
  }
  return count - lanes_sum(misses);
}
