/* Uniform random doubles of [0, 1), multiples of 2^-53. The i-th of a seed is a pure function of
   (seed, i), whoever makes it: of the Philox block i/2 under the seed (philox.h), words 2(i%2),
   low, and 2(i%2)+1, high, make 64 bits, and their upper 53 are the double in units of 2^-53. Being
   integers, they add up exactly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/uint128.h"
#include "kernels/isa.h"

/* The definition, as plain as can be. */
double uniform_at(uint64_t seed, uint64_t i);

/* to[k] = the (first + k)-th of the seed, for k < count; past the caches when streaming. */
void uniforms_fill(uint64_t seed, uint64_t first, uint64_t count, bool streaming, double *to);

/* Make them again and compare: how many of from[0] to from[count - 1] have other bits. *sum, if not
   NULL: the sum of what was made, in units of 2^-53. */
uint64_t uniforms_compare(uint64_t seed, uint64_t first, uint64_t count, const double *from,
                          uint128_t *sum);

/* The sum of what stands there, in units of 2^-53; of no meaning unless all are uniforms. */
uint128_t uniforms_sum(const double *from, uint64_t count);

/* The uniforms of the blocks [lo, hi), and up to UNIFORMS_SLACK doubles of garbage after them. */
enum { UNIFORMS_SLACK = 64 };
DECLARE_CLONES(void, uniforms_blocks, (uint64_t seed, uint64_t lo, uint64_t hi, double *to));

/* As uniforms_sum(), of at most 2^32 doubles. */
DECLARE_CLONES(uint128_t, uniforms_piece_sum, (const double *from, uint64_t count));
