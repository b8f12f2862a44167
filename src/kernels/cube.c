#include "kernels/cube.h"

#include <math.h>
#include <stdlib.h>

/* Cells per half width. With evenly spaced widths 2 would do to leave one width a cell at most (the
   cells' width doubles once where r + offset passes a power of two); more make uneven ones fit. */
enum { CELLS_PER_WIDTH = 4, LEAST_CELLS = 1024 };

/* Half widths in the fullest cell of a grid. */
static size_t fullest_cell(const struct cube_widths *widths) {
  size_t fullest = 0;
  size_t here = 0;
  uint64_t last = 0;
  for (size_t w = 0; w < widths->count; w++) {
    uint64_t cell = cube_cell(widths->offset, widths->shift, widths->half_widths[w]);
    here = w > 0 && cell == last ? here + 1 : 1;
    fullest = here > fullest ? here : fullest;
    last = cell;
  }
  return fullest;
}

/* The grid with the fewest half widths in its fullest cell. */
static void choose_grid(struct cube_widths *widths, uint64_t most_cells) {
  static const int powers[] = {0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  size_t best = SIZE_MAX;
  for (size_t i = 0; i < sizeof powers / sizeof powers[0] && best > 1; i++) {
    struct cube_widths grid = *widths;
    grid.offset = ldexp(grid.largest, -powers[i]);
    for (grid.shift = 0;
         cube_cell(grid.offset, grid.shift, grid.largest) - cube_cell(grid.offset, grid.shift, 0) >=
         most_cells;) {
      grid.shift++;
    }
    size_t fullest = fullest_cell(&grid);
    if (fullest < best) {
      best = fullest;
      *widths = grid;
    }
  }
  widths->base = cube_cell(widths->offset, widths->shift, 0);
  widths->steps = 1;
  while (best >> widths->steps != 0) {
    widths->steps++;
  }
}

bool cube_widths_init(struct cube_widths *widths, const double *half_widths, size_t count) {
  *widths = (struct cube_widths){.count = count, .largest = half_widths[count - 1]};
  uint64_t most_cells = CELLS_PER_WIDTH * count;
  most_cells = most_cells < LEAST_CELLS ? LEAST_CELLS : most_cells;
  /* A search looks less than twice the fullest cell ahead. */
  widths->half_widths = calloc(3 * count, sizeof *widths->half_widths);
  widths->first = calloc(most_cells, sizeof *widths->first);
  if (widths->half_widths == NULL || widths->first == NULL) {
    cube_widths_free(widths);
    return false;
  }
  for (size_t w = 0; w < 3 * count; w++) {
    widths->half_widths[w] = w < count ? half_widths[w] : INFINITY;
  }
  choose_grid(widths, most_cells);
  uint64_t cells = cube_cell(widths->offset, widths->shift, widths->largest) - widths->base + 1;
  size_t below = 0;
  for (uint64_t cell = 0; cell < cells; cell++) {
    while (cube_cell(widths->offset, widths->shift, half_widths[below]) - widths->base < cell) {
      below++;
    }
    widths->first[cell] = (uint32_t)below;
  }
  return true;
}

void cube_widths_free(struct cube_widths *widths) {
  free(widths->half_widths);
  free(widths->first);
  *widths = (struct cube_widths){0};
}

void cube_histogram(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    const struct cube_widths *widths, uint64_t *bins) {
  PICK_CLONE(cube_histogram_blocks)(samples, lo, hi, point, widths, bins);
}

uint64_t cube_count(const struct samples *samples, uint64_t lo, uint64_t hi, const double *point,
                    double half_width) {
  uint64_t count = 0;
  for (uint64_t i = lo; i < hi; i++) {
    size_t j = 0;
    while (j < samples->dimensions &&
           fabs(samples->coordinates[j * samples->stride + i] - point[j]) <= half_width) {
      j++;
    }
    count += j == samples->dimensions;
  }
  return count;
}
