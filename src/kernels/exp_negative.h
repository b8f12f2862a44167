/* exp for arguments that are not positive: the same bits on every machine and instruction set,
   since it is made of +, -, * and integer operations only, in one order. Relative error
   below 2.5e-16. Loops over it vectorise. */
#pragma once

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of_double(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static inline double double_of_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* e^a for -700 <= a <= 0.
   With n the integer nearest to a / ln 2 and r = a - n ln 2, e^a = 2^n e^r and |r| <= ln(2) / 2. ln
   2 comes in two parts, the first with so many zeros at its end that n times it is exact. e^r = 1 +
   r + r^2 Q(r); Q's Taylor series was shortened to degree 9 by Chebyshev polynomials, which leaves
   a relative error of 1.7e-17 in e^r; the rest is rounding. */
static inline double exp_negative(double a) {
  /* Adding 1.5 * 2^52 rounds to an integer, which the lowest bits of the sum then hold. */
  const double round = 0x1.8p52;
  double shifted = a * 0x1.71547652b82fep+0 + round;
  double n = shifted - round;
  double r = (a - n * 0x1.62e42fefa3000p-1) - n * 0x1.3de6af278ece6p-42;
  double r2 = r * r;
  /* Even and odd powers apart: half as long a chain of operations that wait for one another. */
  double even = 0x1.28917ee6ee3fap-22;
  double odd = 0x1.af4de0824b246p-26;
  even = even * r2 + 0x1.a019b91286e94p-16;
  odd = odd * r2 + 0x1.71de0235da778p-19;
  even = even * r2 + 0x1.6c16c1788a7f9p-10;
  odd = odd * r2 + 0x1.a01a01abe6aa7p-13;
  even = even * r2 + 0x1.5555555553d66p-5;
  odd = odd * r2 + 0x1.11111111100dep-7;
  even = even * r2 + 0.5;
  odd = odd * r2 + 0x1.5555555555557p-3;
  double e = 1 + (r + r2 * (even + odd * r));
  return double_of_bits(bits_of_double(e) + (bits_of_double(shifted) << 52));
}
