/* Counting samples in hypercubes, for the Parzen-window density with the cube kernel:
   p(x) = k / (n h^d), k = number of samples s with |x_j - s_j| <= h/2 in every dimension j.

   A sample lies in the cube of width h exactly when its Chebyshev distance max_j |x_j - s_j| is at
   most h/2, so one distance answers every width: count distances into bins between the sorted half
   widths, and add up the bins afterwards. Both functions compute the same rounded differences and
   compare with <=, so they agree to the last sample, also on a cube's edge. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

/* Samples as a structure of arrays: coordinate j of sample i is coordinates[j * stride + i]. */
struct samples {
  const double *coordinates;
  size_t stride;
  size_t dimensions;
};

/* Count the samples [lo, hi) around point[dimensions]: bins[w] grows by the samples whose distance
   is at most half_widths[w] and above half_widths[w-1]. half_widths[widths] ascends. */
void cube_histogram(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    const double *half_widths, size_t widths, uint64_t *bins);

DECLARE_CLONES(void, cube_histogram_blocks,
               (const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                const double *half_widths, size_t widths, uint64_t *bins));

/* The definition: samples of [lo, hi) with |x_j - s_j| <= half_width for every j. */
uint64_t cube_count(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    double half_width);
