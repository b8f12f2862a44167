/* Exact divisibility by many small odd d at once, from the low end of n (Hensel's division;
   Jebelean, "An algorithm for exact division", 1993).

   With B = 2^32 and x the inverse of d modulo B, limb after limb from a borrow c = 0:
     q  = (u - c) * x mod B        so that q * d = u - c modulo B
     c' = (q * d - (u - c)) / B    an integer, 0 <= c' < d whenever 0 <= c < d
   Adding up all limbs, n = d * (q_0 + q_1 B + ...) - c_last * B^limbs, and as d is prime to B, d
   divides n exactly when d divides c_last, which means c_last = 0. Integers only, no rounding. */
#include "kernels/divisor.h"

#include "kernels/lanes.h"
#include "kernels/wheel.h"

static const uint64_t spokes[WHEEL_SPOKES]
    __attribute__((aligned(LANES_BYTES))) = {WHEEL_SPOKE_LIST};

/* d odd; only the low 32 bits of each lane count. */
static inline word_lanes inverse(word_lanes d) {
  word_lanes x = (d * 3) ^ 2; /* right to 5 bits; each step of Newton's doubles them */
  for (int bits = 5; bits < 32; bits *= 2) {
    x = lanes_multiply_low(x, 2 - lanes_multiply_low(d, x));
  }
  return x;
}

static inline word_lanes last_borrow(const uint32_t *limbs, int limb_count, word_lanes d) {
  word_lanes x = inverse(d);
  word_lanes borrow = {0};
  for (int i = 0; i < limb_count; i++) {
    word_lanes rest = limbs[i] - borrow;
    word_lanes q = lanes_multiply_low(rest, x);
    borrow = (lanes_multiply_low(q, d) - rest) >> 32;
  }
  return borrow;
}

/* Inlined once for each number of limbs, so that the loop over them is unrolled. */
static inline bool hit(const uint32_t *limbs, int limb_count, uint64_t turn, uint64_t turns) {
  word_lanes hits = {0};
  for (uint64_t t = turn; t < turn + turns; t++) {
    for (size_t i = 0; i < WHEEL_SPOKES; i += WORD_LANES) {
      word_lanes d = WHEEL_TURN * t + *(const word_lanes *)&spokes[i];
      word_lanes borrow = last_borrow(limbs, limb_count, d);
      hits |= (word_lanes)(borrow == 0);
    }
  }
  uint64_t any = 0;
  for (size_t i = 0; i < WORD_LANES; i++) {
    any |= hits[i];
  }
  return any != 0;
}

bool CLONE(divisor_near_hit)(const uint32_t *limbs, int limb_count, uint64_t turn, uint64_t turns) {
  return limb_count == 2   ? hit(limbs, 2, turn, turns)
         : limb_count == 3 ? hit(limbs, 3, turn, turns)
                           : hit(limbs, 4, turn, turns);
}
