/* The cube's histogram against its definition, above all where distances meet half widths exactly.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/csv_reader.h"
#include "kernels/cube.h"
#include "kernels/philox.h"
#include "unit/each_isa.h"

enum { MOST_DIMENSIONS = 7, MOST_SAMPLES = 6000, MOST_WIDTHS = 10000 };

static uint64_t draws;

static uint64_t random_below(uint64_t end) {
  struct philox_block block = philox_block(20, draws++);
  return ((uint64_t)block.word[1] << 32 | block.word[0]) % end;
}

static double random_real(void) { /* in [-1, 1] */
  return (double)random_below(UINT64_C(1) << 40) * 0x1p-39 - 1;
}

static double coordinates[MOST_DIMENSIONS * MOST_SAMPLES];
static double point[MOST_DIMENSIONS];
static double half_widths[MOST_WIDTHS];

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Bins of the samples [lo, hi) and their sums against cube_count, on every instruction set; with
   many widths for some of them only. */
static void check(const struct samples *samples, uint64_t lo, uint64_t hi, size_t widths_count) {
  static uint64_t bins[MOST_WIDTHS];
  qsort(half_widths, widths_count, sizeof *half_widths, compare_doubles);
  struct cube_widths widths;
  assert_true(cube_widths_init(&widths, half_widths, widths_count));
  for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++) {
    if (!use_isa(isa)) {
      continue;
    }
    for (size_t w = 0; w < widths_count; w++) {
      bins[w] = w; /* bins are added to, not set */
    }
    cube_histogram(samples, lo, hi, point, &widths, bins);
    uint64_t count = 0;
    for (size_t w = 0; w < widths_count; w++) {
      count += bins[w] - w;
      if (widths_count < 200 || w % (widths_count / 100) == 0 || w + 1 == widths_count) {
        uint64_t expected = cube_count(samples, lo, hi, point, half_widths[w]);
        if (count != expected) {
          print_error("%s: half width %zu of %zu, %a\n", isa_name(isa), w, widths_count,
                      half_widths[w]);
        }
        assert_int_equal(count, expected);
      }
    }
  }
  cube_widths_free(&widths);
}

/* Samples and point from a function of nothing; every dimension count. */
static struct samples fill(size_t dimensions, size_t count, double (*value)(void)) {
  for (size_t i = 0; i < dimensions * count; i++) {
    coordinates[i] = value();
  }
  for (size_t j = 0; j < dimensions; j++) {
    point[j] = value();
  }
  return (struct samples){coordinates, count, dimensions};
}

static void test_random(void **state) {
  (void)state;
  for (size_t dimensions = 1; dimensions <= MOST_DIMENSIONS; dimensions++) {
    struct samples samples = fill(dimensions, 3001, random_real);
    static const size_t counts[] = {1, 2, 3, 12, 100, 256, 257, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
      for (size_t w = 0; w < counts[i]; w++) {
        half_widths[w] = fabs(random_real());
      }
      check(&samples, 0, 3001, counts[i]);
    }
  }
}

static void test_many_widths(void **state) {
  (void)state;
  struct samples samples = fill(2, MOST_SAMPLES, random_real);
  for (size_t w = 0; w < MOST_WIDTHS; w++) {
    half_widths[w] = (double)(w + 1) / MOST_WIDTHS;
  }
  check(&samples, 0, MOST_SAMPLES, MOST_WIDTHS);
  for (size_t w = 0; w < MOST_WIDTHS; w++) {
    half_widths[w] = pow(fabs(random_real()), 9);
  }
  check(&samples, 0, MOST_SAMPLES, MOST_WIDTHS);
}

/* Every cut of a few samples, and cuts about the edges of chunks. */
static void test_ranges(void **state) {
  (void)state;
  struct samples samples = fill(2, 3001, random_real);
  for (size_t w = 0; w < 10; w++) {
    half_widths[w] = (double)(w + 1) / 10;
  }
  for (uint64_t lo = 0; lo <= 20; lo++) {
    for (uint64_t hi = lo; hi <= 20; hi++) {
      check(&samples, lo, hi, 10);
    }
  }
  for (int i = 0; i < 300; i++) {
    uint64_t lo = random_below(3001);
    uint64_t hi = lo + random_below(3002 - lo);
    check(&samples, lo, hi, 10);
  }
}

static double lattice(void) {
  return 0.05 * (double)random_below(41) - 1;
}

/* Distances and half widths are the same rounded numbers, over and over. */
static void test_lattice(void **state) {
  (void)state;
  for (size_t dimensions = 1; dimensions <= 3; dimensions++) {
    struct samples samples = fill(dimensions, 3001, lattice);
    for (size_t w = 0; w < 20; w++) {
      half_widths[w] = 0.1 * (double)(w + 1) / 2;
    }
    check(&samples, 0, 3001, 20);
  }
}

/* Half widths that are some samples' distances, and the doubles next to them. */
static void set_edges(const struct samples *samples, size_t count, size_t widths) {
  for (size_t w = 0; w < widths; w++) {
    size_t i = (size_t)random_below(count);
    double distance = 0;
    for (size_t j = 0; j < samples->dimensions; j++) {
      distance = fmax(distance, fabs(samples->coordinates[j * samples->stride + i] - point[j]));
    }
    double neighbours[] = {distance, nextafter(distance, INFINITY), nextafter(distance, 0)};
    half_widths[w] = fmin(neighbours[w % 3], 8e307);
  }
}

static void test_edges(void **state) {
  (void)state;
  for (size_t dimensions = 1; dimensions <= MOST_DIMENSIONS; dimensions++) {
    struct samples samples = fill(dimensions, 3001, random_real);
    for (size_t widths = 1; widths <= 180; widths = 3 * widths - 1 + (widths == 1)) {
      set_edges(&samples, 3001, widths);
      check(&samples, 0, 3001, widths);
    }
  }
}

static double any_magnitude(void) {
  return ldexp(random_real(), (int)random_below(2090) - 1070);
}

static double around_zero(void) { /* zero, or subnormal */
  return ldexp(rint(50 * random_real()), -1074);
}

static double near_overflow(void) {
  return 0x1.fffffffffffffp1023 * random_real();
}

/* Numbers over all of the doubles' range; differences that are subnormal; differences that are
   infinite, which no cube holds. */
static void test_magnitudes(void **state) {
  (void)state;
  double (*const values[])(void) = {any_magnitude, around_zero, near_overflow};
  for (size_t v = 0; v < 3; v++) {
    for (size_t dimensions = 1; dimensions <= 3; dimensions++) {
      struct samples samples = fill(dimensions, 2000, values[v]);
      set_edges(&samples, 2000, 150);
      check(&samples, 0, 2000, 150);
      point[0] = point[1] = point[2] = 0;
      set_edges(&samples, 2000, 150);
      half_widths[0] = 0; /* half of the least width above 0 */
      check(&samples, 0, 2000, 150);
    }
  }
}

/* Widths that crowd in one place of the grid, or are the same. */
static void test_uneven_widths(void **state) {
  (void)state;
  struct samples samples = fill(1, 3000, random_real);
  point[0] = 0;
  for (size_t w = 0; w < 180; w++) {
    half_widths[w] = fabs(coordinates[w % 60]); /* each three times */
  }
  check(&samples, 0, 3000, 180);
  for (size_t w = 0; w < 180; w++) {
    half_widths[w] = 0.5 + 1e-13 * (double)w;
    coordinates[10 * w] = half_widths[w];
  }
  half_widths[179] = 1e300;
  check(&samples, 0, 3000, 180);
  for (size_t w = 0; w < 180; w++) {
    half_widths[w] = 0.25;
  }
  check(&samples, 0, 3000, 180);
}

/* Many widths at random places of many magnitudes: no grid fits, and the search has to go on. */
static void test_deep_search(void **state) {
  (void)state;
  struct samples samples = fill(1, 3000, any_magnitude);
  point[0] = 0;
  for (size_t w = 0; w < 190; w++) {
    half_widths[w] = fmin(fabs(coordinates[w]), 8e307);
    half_widths[w] = w % 2 == 0 ? half_widths[w] : nextafter(half_widths[w - 1], INFINITY);
  }
  check(&samples, 0, 3000, 190);
  for (size_t w = 0; w < 190; w++) {
    double cluster = ldexp(1, -(int)(w % 3) * 300);
    half_widths[w] = cluster * (1 + (double)w * 0x1p-50);
    coordinates[w] = half_widths[w];
  }
  check(&samples, 0, 3000, 190);
}

static void check_known(const char *file, size_t widths_count, double scale,
                        const uint64_t *expected) {
  struct matrix rows;
  struct fault fault;
  assert_int_equal(csv_read(file, &rows, &fault), STATUS_OK);
  double *columns = malloc(rows.rows * rows.columns * sizeof *columns);
  assert_non_null(columns);
  for (size_t i = 0; i < rows.rows; i++) {
    for (size_t j = 0; j < rows.columns; j++) {
      columns[j * rows.rows + i] = rows.values[i * rows.columns + j];
    }
  }
  struct samples samples = {columns, rows.rows, rows.columns};
  memset(point, 0, sizeof point);
  for (size_t w = 0; w < widths_count; w++) {
    half_widths[w] = scale * (double)(w + 1) / 2;
    assert_int_equal(cube_count(&samples, 0, rows.rows, point, half_widths[w]), expected[w]);
  }
  check(&samples, 0, rows.rows, widths_count);
  free(columns);
  matrix_free(&rows);
}

static void test_known_counts(void **state) {
  (void)state;
  check_known(TEST_DATA "/gauss2d-seed123.csv", 12, 0.1,
              (const uint64_t[]){16, 61, 135, 247, 390, 547, 742, 939, 1194, 1445, 1728, 2022});
  check_known(TEST_DATA "/cube3d-ten-points.csv", 1, 1, (const uint64_t[]){3});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random),        cmocka_unit_test(test_many_widths),
      cmocka_unit_test(test_ranges),        cmocka_unit_test(test_lattice),
      cmocka_unit_test(test_edges),         cmocka_unit_test(test_magnitudes),
      cmocka_unit_test(test_uneven_widths), cmocka_unit_test(test_deep_search),
      cmocka_unit_test(test_known_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
