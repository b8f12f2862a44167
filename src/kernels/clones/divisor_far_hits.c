/* Trial division without dividing: the quotient's fraction, followed from turn to turn.

   Along one spoke the candidates are d_k = D + 210 (k - m), m = turns / 2, and the quotient
   f(k) = n / d_k is so smooth that a cubic around the middle d_m = D follows it over K = turns
   steps. A cubic is tabulated with three additions a step (forward differences). Only the fraction
   of f matters, which is 0 where d_k divides n; so everything is held modulo 1, as 32-bit integers
   in units of 2^-32 that wrap around, and d_k is named where the fraction comes out within E = 2^33
   / K^3 units of 0. One division and some thirty operations set up K candidates; then each costs
   four operations, 16 lanes at a time.

   Why no divisor is missed: the fraction is off by less than E. Let h = 210 / D, Q = n / D and
   x = k - m, so |x| <= m; divisor_far_turns() sees to it that h m <= 1/128 and that Q (h m)^4 is at
   most 1 / (2 K^3), which is a quarter of E.
   - The cubic leaves out Q (h x)^4 / (1 + h x), at most 1.01 E / 4.
   - The table starts from four numbers, each rounded to half a unit. After k < K steps the errors
     have grown to (1 + k + k (k-1) / 2 + k (k-1) (k-2) / 6) / 2 units at most: 20864 for K = 64,
     which is 0.64 E; 2496 for K = 32, not 0.01 E, and less below.
   - The fraction of Q: let q be an integer near n * (1 / D). The limit on Q (h m)^4 means
     D^5 >= 2^48.9 n, so Q <= n^(4/5) / 2^9.7 < 2^42. Three roundings go into q, so it is off Q by
     at most 1/2 + 3 * 2^-11. The remainder n - q D is therefore below D in size; it is exact, being
     computed modulo 2^64. Divided by D it is the fraction of Q (to 2^-52), whichever neighbour of Q
     the integer q is.
   - The slope Q h is known but for 6 * 2^-53 of itself. At its largest, where n = 2^64, it is
     2^18.3 for K = 64, 2^21 for 32, 2^23.8 for 16 and 2^26.7 for 8; times m the error comes to 56,
     100, 350 and 1300 units, always below 0.01 E. The higher coefficients are below 2^12 and err by
     less than a unit.
   The sum is below 0.92 E. Of other numbers 4 in K^3 are named by chance, which costs the caller
   some remainders. */
#include "kernels/divisor.h"

#include <assert.h>

#include "kernels/lanes.h"
#include "kernels/wheel.h"

enum {
  TOGETHER = 3, /* vectors in flight: enough to hide latency, few enough for 16 registers */
  GROUP = TOGETHER * HALF_LANES,
};

static_assert(WHEEL_SPOKES % GROUP == 0, "a group of vectors must fit the wheel");

/* Adding 1.5 * 2^52 rounds a small double to an integer, and the low bits of the sum are that
   integer; adding 1.5 * 2^20 rounds to units of 2^-32. */
static const double to_integer = 0x1.8p52;
static const double to_units = 0x1.8p20;

static const uint64_t wheel_words[WHEEL_SPOKES]
    __attribute__((aligned(LANES_BYTES))) = {WHEEL_SPOKE_LIST};
static const double wheel_reals[WHEEL_SPOKES]
    __attribute__((aligned(LANES_BYTES))) = {WHEEL_SPOKE_LIST};

/* First value and forward differences of the 48 cubics, modulo 1 in units of 2^-32. */
struct cubics {
  uint32_t difference[4][WHEEL_SPOKES] __attribute__((aligned(LANES_BYTES)));
};

static inline real_lanes nearest_integer(real_lanes x) {
  return (x + to_integer) - to_integer;
}

/* The fractions of n / d, for quotients q near n / d. */
static inline real_lanes exact_fraction(uint64_t n, word_lanes d, real_lanes q,
                                        real_lanes inverse) {
  word_lanes zero = (word_lanes)((real_lanes){0} + to_integer);
  word_lanes integer = (word_lanes)(q + to_integer) - zero;
  word_lanes remainder = n - integer * d;
  return ((real_lanes)(remainder + zero) - to_integer) * inverse;
}

static inline void set_up(struct cubics *cubics, uint64_t n, uint64_t middle, double m) {
  uint64_t wide[4][WHEEL_SPOKES] __attribute__((aligned(LANES_BYTES)));
  double n_real = (double)n;
  for (size_t i = 0; i < WHEEL_SPOKES; i += WORD_LANES) {
    word_lanes d = middle + *(const word_lanes *)&wheel_words[i];
    real_lanes d_real = (double)middle + *(const real_lanes *)&wheel_reals[i];
    real_lanes inverse = 1.0 / d_real;
    real_lanes q = nearest_integer(n_real * inverse);
    real_lanes a0 = exact_fraction(n, d, q, inverse);
    real_lanes h = WHEEL_TURN * inverse;
    real_lanes slope = -(q + a0) * h;
    real_lanes a1 = slope - nearest_integer(slope); /* modulo 1 */
    real_lanes a2 = -slope * h;
    real_lanes a3 = -a2 * h;
    /* The cubic a0 + a1 x + a2 x^2 + a3 x^3 and its differences at x = -m. */
    real_lanes differences[4] = {
        a0 - m * (a1 - m * (a2 - m * a3)),
        a1 + (1 - 2 * m) * a2 + (3 * m * (m - 1) + 1) * a3,
        2 * a2 + 6 * (1 - m) * a3,
        6 * a3,
    };
    for (size_t order = 0; order < 4; order++) {
      *(word_lanes *)&wide[order][i] = (word_lanes)(differences[order] + to_units);
    }
  }
  for (size_t order = 0; order < 4; order++) {
    for (size_t i = 0; i < WHEEL_SPOKES; i++) {
      cubics->difference[order][i] = (uint32_t)wide[order][i];
    }
  }
}

/* Bit i of the result: some value of cubic first + i is within `tolerance` units of an integer. */
static inline uint64_t tabulate(const struct cubics *cubics, size_t first, uint64_t turns,
                                uint32_t tolerance) {
  half_lanes value[TOGETHER], slope[TOGETHER], bend[TOGETHER], twist[TOGETHER];
  signed_half_lanes evidence[TOGETHER];
  /* What is near 0 from both sides is moved to the lowest signed numbers. */
  const signed_half_lanes limit = (signed_half_lanes){0} + (INT32_MIN + 2 * (int32_t)tolerance);
  for (size_t v = 0; v < TOGETHER; v++) {
    size_t at = first + v * HALF_LANES;
    value[v] = *(const half_lanes *)&cubics->difference[0][at] + (tolerance + 0x80000000u);
    slope[v] = *(const half_lanes *)&cubics->difference[1][at];
    bend[v] = *(const half_lanes *)&cubics->difference[2][at];
    twist[v] = *(const half_lanes *)&cubics->difference[3][at];
    evidence[v] = lanes_none_below();
  }
  for (uint64_t k = 0; k < turns; k++) {
    for (size_t v = 0; v < TOGETHER; v++) {
      evidence[v] = lanes_fold_below(evidence[v], (signed_half_lanes)value[v], limit);
      value[v] += slope[v];
      slope[v] += bend[v];
      bend[v] += twist[v];
    }
  }
  uint64_t spokes = 0;
  for (size_t v = 0; v < TOGETHER; v++) {
    spokes |= (uint64_t)lanes_were_below(evidence[v], limit) << (v * HALF_LANES);
  }
  return spokes;
}

uint64_t CLONE(divisor_far_hits)(uint64_t n, uint64_t turn, uint64_t turns) {
  struct cubics cubics;
  set_up(&cubics, n, WHEEL_TURN * (turn + turns / 2), (double)turns / 2);
  uint32_t tolerance = (uint32_t)((UINT64_C(1) << 33) / (turns * turns * turns));
  uint64_t spokes = 0;
  for (size_t first = 0; first < WHEEL_SPOKES; first += GROUP) {
    spokes |= tabulate(&cubics, first, turns, tolerance) << first;
  }
  return spokes;
}
