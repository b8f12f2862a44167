/* Standard normal deviates, a pure function of (seed, index), the same bits on every machine: only
   +, -, *, / and sqrt, which IEEE 754 rounds alike everywhere. */
#pragma once

#include <stdint.h>

/* The index-th deviate of the stream of `seed`: the quantile of a 52-bit uniform from Philox. */
double normal_deviate(uint64_t seed, uint64_t index);

/* x with Phi(x) = p, 0 < p < 1; relative error below 1e-15. M. J. Wichura, "Algorithm AS 241: The
   Percentage Points of the Normal Distribution", Applied Statistics 37, 1988, routine PPND16. */
double normal_quantile(double p);
