/* Counting samples in hypercubes, for the Parzen-window density with the cube kernel:
   p(x) = k / (n h^d), k = number of samples s with |x_j - s_j| <= h/2 in every dimension j.

   A sample lies in the cube of width h exactly when its Chebyshev distance max_j |x_j - s_j| is at
   most h/2, so one distance answers every width: count distances into bins between the sorted half
   widths, and add up the bins afterwards. cube_histogram and cube_count compute the same rounded
   differences and compare with <=, so they agree to the last sample, also on a cube's edge.

   Which bin? Samples beyond the largest half width are dropped first, by one vectorised compare.
   For the others a grid says where to look. Cell(r) = (bits of the double r + offset) >> shift
   never falls when r grows: rounding a sum keeps order, and so do the bits of doubles that are not
   negative. So half widths in lower cells than a distance's are below it, those in higher cells
   above it, and only those in its own cell are compared with it: with one half width a cell at
   most, which is the rule, that is one compare. The grid is no approximation; a bad one costs time
   only. An offset of the largest half width makes the cells equally wide; a smaller one makes those
   near zero narrower, as widths over several orders of magnitude need. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/isa.h"
#include "kernels/samples.h"

/* The half widths of a job and their grid; made once, then only read. */
struct cube_widths {
  size_t count;
  double *half_widths; /* count of them, ascending, then infinities for the search to run into */
  double largest;
  double offset; /* of the grid, as above */
  unsigned shift;
  uint64_t base;   /* cell of distance 0 */
  uint32_t *first; /* by cell - base: number of half widths in lower cells */
  unsigned steps;  /* 2^steps > half widths in the fullest cell: what a binary search takes */
};

static inline uint64_t cube_cell(double offset, unsigned shift, double distance) {
  double sum = distance + offset;
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  return bits >> shift;
}

/* half_widths[count]: finite, ascending, duplicates allowed; 1 <= count < 2^31. They are copied.
   False when memory lacks. */
bool cube_widths_init(struct cube_widths *widths, const double *half_widths, size_t count);
void cube_widths_free(struct cube_widths *widths);

/* Count the samples [lo, hi) around point[dimensions]: bins[w] grows by the samples whose distance
   is at most half_widths[w] and above half_widths[w-1]. */
void cube_histogram(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    const struct cube_widths *widths, uint64_t *bins);

DECLARE_CLONES(void, cube_histogram_blocks,
               (const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                const struct cube_widths *widths, uint64_t *bins));

/* The definition: samples of [lo, hi) with |x_j - s_j| <= half_width for every j. */
uint64_t cube_count(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    double half_width);
