#include "kernels/divisor.h"

#include "kernels/wheel.h"

/* Turns that divisor_near_hit() looks at before it is asked: few enough to divide again. */
enum { NEAR_TURNS = 8, MOST_FAR_TURNS = 64, LEAST_FAR_TURNS = 8, SMALLEST_SPOKE = 11 };

/* Beyond this turn the filters' arithmetic is not proven; nobody gets there in a lifetime. */
static const uint64_t last_far_turn = (UINT64_C(1) << 50) / WHEEL_TURN;
static const uint64_t last_near_turn = (UINT64_C(1) << 32) / WHEEL_TURN - NEAR_TURNS;

/* One search: n, its limbs, and the range. */
struct search {
  uint128_t n;
  uint32_t limbs[4];
  int limb_count;
  uint64_t lo, hi;
};

/* Numbers of the wheel in [0, x). */
static uint64_t wheel_rank(uint64_t x) {
  uint64_t rank = x / WHEEL_TURN * WHEEL_SPOKES;
  for (int i = 0; i < WHEEL_SPOKES; i++) {
    rank += wheel_spokes[i] < x % WHEEL_TURN;
  }
  return rank;
}

static bool divides(uint64_t d, uint128_t n) {
  return n >> 64 == 0 ? (uint64_t)n % d == 0 : n % d == 0;
}

/* Exact divisibility as in clones/divisor_near_hit.c, with 64-bit limbs; d odd. */
static bool divides_by_inverse(uint64_t d, uint128_t n) {
  uint64_t inverse = (d * 3) ^ 2;
  for (int bits = 5; bits < 64; bits *= 2) {
    inverse *= 2 - d * inverse;
  }
  uint64_t low = (uint64_t)n * inverse;
  uint64_t borrow = (uint64_t)((uint128_t)low * d >> 64);
  uint64_t high = (uint64_t)(n >> 64);
  return high >= borrow && (uint128_t)((high - borrow) * inverse) * d >> 64 == 0;
}

/* Divide by all candidates of these turns, in order. */
static uint64_t divide_turns(const struct search *search, uint64_t turn, uint64_t turns) {
  for (uint64_t t = turn; t < turn + turns; t++) {
    for (int i = 0; i < WHEEL_SPOKES; i++) {
      uint64_t d;
      if (__builtin_add_overflow(WHEEL_TURN * t, wheel_spokes[i], &d) || d >= search->hi) {
        return 0;
      }
      if (d >= search->lo &&
          (t < last_near_turn ? divides(d, search->n) : divides_by_inverse(d, search->n))) {
        return d;
      }
    }
  }
  return 0;
}

/* Divide by the candidates on these spokes; the smallest divisor, whichever spoke has it. */
static uint64_t divide_spokes(const struct search *search, uint64_t spokes, uint64_t turn,
                              uint64_t turns) {
  uint64_t n = (uint64_t)search->n;
  uint64_t smallest = 0;
  for (; spokes != 0; spokes &= spokes - 1) {
    uint64_t first = WHEEL_TURN * turn + wheel_spokes[__builtin_ctzll(spokes)];
    for (uint64_t k = 0; k < turns; k++) {
      uint64_t d = first + WHEEL_TURN * k;
      if (d >= search->lo && d < search->hi && n % d == 0) {
        smallest = smallest == 0 || d < smallest ? d : smallest;
        break;
      }
    }
  }
  return smallest;
}

uint64_t divisor_far_turns(uint64_t n, uint64_t turn) {
  if (turn > last_far_turn) {
    return 0;
  }
  /* h m <= 1/128 and Q (h m)^4 <= 1 / (2 turns^3), with Q = n / D, h = 210 / D, m = turns / 2, as
     clones/divisor_far_hits.c wants it; D lies above this turn. The margin is for roundings here.
   */
  double d = (double)(WHEEL_TURN * turn);
  for (uint64_t turns = MOST_FAR_TURNS; turns >= LEAST_FAR_TURNS; turns /= 2) {
    double reach = (double)WHEEL_TURN * (double)turns / 2; /* D h m */
    double cube = (double)(turns * turns * turns);
    if (d >= 128 * reach &&
        (double)n * reach * reach * reach * reach * 2 * cube * 1.001 <= d * d * d * d * d) {
      return turns;
    }
  }
  return 0;
}

/* The smallest divisor on the wheel. */
static uint64_t search_wheel(const struct search *search) {
  uint64_t end = (search->hi - 1) / WHEEL_TURN + 1;
  uint64_t turns;
  for (uint64_t turn = search->lo / WHEEL_TURN; turn < end; turn += turns) {
    uint64_t found = 0;
    turns = search->n >> 64 == 0 ? divisor_far_turns((uint64_t)search->n, turn) : 0;
    if (turns != 0) {
      while (turns > LEAST_FAR_TURNS && turns / 2 >= end - turn) {
        turns /= 2;
      }
      uint64_t spokes = PICK_CLONE(divisor_far_hits)((uint64_t)search->n, turn, turns);
      found = spokes == 0 ? 0 : divide_spokes(search, spokes, turn, turns);
    } else {
      turns = end - turn < NEAR_TURNS ? end - turn : NEAR_TURNS;
      bool hit = turn > last_near_turn ||
                 PICK_CLONE(divisor_near_hit)(search->limbs, search->limb_count, turn, turns);
      found = hit ? divide_turns(search, turn, turns) : 0;
    }
    if (found != 0) {
      return found;
    }
  }
  return 0;
}

uint64_t divisor_find_128(uint128_t n, uint64_t lo, uint64_t hi, uint64_t *candidates) {
  static const uint64_t wheel_primes[] = {2, 3, 5, 7};
  for (int i = 0; i < 4; i++) {
    if (lo <= wheel_primes[i] && wheel_primes[i] < hi) {
      ++*candidates;
      if (n % wheel_primes[i] == 0) {
        return wheel_primes[i];
      }
    }
  }
  lo = lo > SMALLEST_SPOKE ? lo : SMALLEST_SPOKE;
  if (lo >= hi) {
    return 0;
  }
  struct search search = {.n = n, .lo = lo, .hi = hi, .limb_count = n >> 64 == 0 ? 2 : 4};
  for (int i = 0; i < 4; i++) {
    search.limbs[i] = (uint32_t)(n >> 32 * i);
  }
  uint64_t found = search_wheel(&search);
  *candidates += wheel_rank(found != 0 ? found + 1 : hi) - wheel_rank(lo);
  return found;
}

uint64_t divisor_find(uint64_t n, uint64_t lo, uint64_t hi, uint64_t *candidates) {
  return divisor_find_128(n, lo, hi, candidates);
}
