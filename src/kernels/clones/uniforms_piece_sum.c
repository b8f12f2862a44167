/* Adding up multiples of 2^-53 exactly, without converting them to integers. Adding 1.5 * 2^21
   rounds to a multiple of 2^-31, which stands in the low bits of the sum; what was rounded off is a
   multiple of 2^-53 of at most 2^-32, and adding 0.75 leaves it in the low bits too. The constants'
   own bits are taken off at the end. */
#include "kernels/uniforms.h"

#include "kernels/lanes.h"

enum { TOGETHER = 2, STEP = TOGETHER * WORD_LANES };

static const double COARSE = 0x1.8p21;
static const double FINE = 0.75;

struct sums {
  word_lanes coarse[TOGETHER], fine[TOGETHER]; /* of bits, in units of 2^-31 and 2^-53 */
};

static inline void add(struct sums *sums, size_t t, real_lanes v) {
  real_lanes coarse = v + COARSE;
  real_lanes fine = (v - (coarse - COARSE)) + FINE;
  sums->coarse[t] += (word_lanes)coarse;
  sums->fine[t] += (word_lanes)fine;
}

uint128_t CLONE(uniforms_piece_sum)(const double *from, uint64_t count) {
  struct sums sums = {{{0}}, {{0}}};
  uint64_t i = 0;
  for (; i + STEP <= count; i += STEP) {
    for (size_t t = 0; t < TOGETHER; t++) {
      add(&sums, t, lanes_load(from + i + t * WORD_LANES));
    }
  }
  uint64_t added = i;
  for (; i < count; i++) { /* the other lanes add a zero */
    real_lanes one = {0};
    one[0] = from[i];
    add(&sums, 0, one);
    added += WORD_LANES;
  }
  const word_lanes constants[2] = {(word_lanes)(COARSE + (real_lanes){0}),
                                   (word_lanes)(FINE + (real_lanes){0})};
  uint64_t coarse = lanes_sum(sums.coarse[0] + sums.coarse[1]) - added * constants[0][0];
  uint64_t fine = lanes_sum(sums.fine[0] + sums.fine[1]) - added * constants[1][0];
  /* fine may be negative */
  uint128_t wide = fine >> 63 != 0 ? fine - ((uint128_t)1 << 64) : fine;
  return ((uint128_t)coarse << 22) + wide;
}
