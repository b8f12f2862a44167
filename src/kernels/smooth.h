/* Sums of smooth kernels, for the densities
     gauss         p(x) = 1 / (n h^d (2 pi)^(d/2)) sum_i exp(-|u_i|^2 / 2)
     epanechnikov  p(x) = (3/4)^d / (n h^d) sum_i prod_j max(0, 1 - u_ij^2)
   with u_i = (x - s_i) / h. (Epanechnikov's kernel is taken dimension by dimension, not radially.)

   Each term lies in [0, 1]. It is rounded to a multiple of 2^-52 and added up as an integer, so
   sums are the same bits in whatever order and parts they are made; every step up to there is done
   in one order with the four operations, so terms are the same on every instruction set. Rounding
   costs one addition: 1 + t lies in [1, 2], where doubles are 2^-52 apart, so the bits of 1 + t,
   less those of 1, are t in units of 2^-52, to nearest.

   What a term is off by, at most, with u = 2^-53 and the largest possible term being 1:
     gauss: (0.4 d + 6) u. The squared distance has a relative error of (d + 2) u, its scale 2 u and
       their product 1 u; a relative error e of a moves exp(-a) by a exp(-a) e <= 0.37 e. The
       exponential adds 2.3 u, the rounding to 2^-52 1 u.
     epanechnikov: (8 d + 1) u, 7 u for each factor, 1 u for each product and 1 u for the rounding.
   So a density is off by no more than that, times the density's greatest possible value (the
   kernel's peak over h^d): where the density is many powers of ten below, fewer digits are right.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/uint128.h"
#include "kernels/isa.h"
#include "kernels/samples.h"

enum { SMOOTH_TERM_BITS = 52 }; /* sums are in units of 2^-52 */

/* Squares of widths and of their reciprocals have to fit in a double. */
#define SMOOTH_LEAST_WIDTH 1e-150
#define SMOOTH_GREATEST_WIDTH 1e150

/* sums[w] grows by the terms of the samples [lo, hi) around point[dimensions] for the width
   widths[w]. widths[count] ascends, from SMOOTH_LEAST_WIDTH to SMOOTH_GREATEST_WIDTH. */
void gauss_sum(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
               const double *widths, size_t count, uint128_t *sums);
void epanechnikov_sum(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                      const double *widths, size_t count, uint128_t *sums);

DECLARE_CLONES(void, gauss_sum_blocks,
               (const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                const double *widths, size_t count, uint128_t *sums));
DECLARE_CLONES(void, epanechnikov_sum_blocks,
               (const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                const double *widths, size_t count, uint128_t *sums));
