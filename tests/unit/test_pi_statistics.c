/* The darts behave like independent uniform ones: over the square, from dart to dart, from block to
   block and from seed to seed.

   Seeds are fixed, so a verdict never changes from run to run. Each figure is turned into a
   standard normal one, and |z| < 4 is wanted: independent darts go beyond it once in 16,000
   figures, and about 80 are looked at. That the fast loops count just these darts is test_pi's
   business. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/pi.h"
#include "kernels/xoshiro.h"

enum { DARTS = 1 << 18, CELLS = 1024 };

static const double HIT = 0.78539816339744830962; /* pi / 4 */
static const char *const names[] = {"philox", "xoshiro"};

static struct pi_dart darts_a[DARTS], darts_b[DARTS];

/* z of a chi-square with that many degrees of freedom (Wilson and Hilferty's cube root). */
static double z_of_chi_square(double chi_square, double freedom) {
  double variance = 2 / (9 * freedom);
  return (cbrt(chi_square / freedom) - (1 - variance)) / sqrt(variance);
}

/* What is looked at, for the message when it is odd. */
struct subject {
  const struct pi_generator *generator;
  const char *what;
  uint64_t detail;
};

static void want_ordinary(const struct subject *subject, double z) {
  if (!(fabs(z) < 4)) {
    fail_msg("%s, %s (%llu): z = %.2f", subject->generator->name, subject->what,
             (unsigned long long)subject->detail, z);
  }
}

static void want_uniform(const struct subject *subject, const uint32_t counts[CELLS]) {
  double expected = (double)DARTS / CELLS;
  double chi_square = 0;
  for (int cell = 0; cell < CELLS; cell++) {
    chi_square += (counts[cell] - expected) * (counts[cell] - expected) / expected;
  }
  want_ordinary(subject, z_of_chi_square(chi_square, CELLS - 1));
}

/* Each coordinate alone: its upper and its lower 10 bits. */
static void coordinates_are_uniform(void **state) {
  (void)state;
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    generator->throw_darts(11, 0, DARTS, darts_a);
    for (unsigned shift = 0; shift <= 21; shift += 7) {
      uint32_t of_x[CELLS] = {0};
      uint32_t of_y[CELLS] = {0};
      for (size_t i = 0; i < DARTS; i++) {
        of_x[darts_a[i].x >> shift & (CELLS - 1)]++;
        of_y[darts_a[i].y >> shift & (CELLS - 1)]++;
      }
      want_uniform(&(struct subject){generator, "x from bit", shift}, of_x);
      want_uniform(&(struct subject){generator, "y from bit", shift}, of_y);
    }
  }
}

static unsigned upper(uint32_t coordinate) {
  return coordinate >> 26;
}

static unsigned lower(uint32_t coordinate) {
  return coordinate & 31;
}

/* darts_a[i] against darts_b[i]: all pairs of 5-bit values must be equally frequent, and as many
   bits must differ as do not. */
static void want_independent(const struct pi_generator *generator, const char *what,
                             uint64_t detail) {
  uint32_t xx[CELLS] = {0};
  uint32_t yy[CELLS] = {0};
  uint32_t xy[CELLS] = {0};
  uint32_t low[CELLS] = {0};
  uint64_t different = 0;
  for (size_t i = 0; i < DARTS; i++) {
    struct pi_dart a = darts_a[i];
    struct pi_dart b = darts_b[i];
    xx[32 * upper(a.x) + upper(b.x)]++;
    yy[32 * upper(a.y) + upper(b.y)]++;
    xy[32 * upper(a.x) + upper(b.y)]++;
    low[32 * lower(a.x) + lower(b.x)]++;
    different += (uint64_t)__builtin_popcount(a.x ^ b.x) + (uint64_t)__builtin_popcount(a.y ^ b.y);
  }
  struct subject subject = {generator, what, detail};
  want_uniform(&subject, xx);
  want_uniform(&subject, yy);
  want_uniform(&subject, xy);
  want_uniform(&subject, low);
  double bits = 62. * DARTS;
  want_ordinary(&subject, ((double)different - bits / 2) / sqrt(bits / 4));
}

/* x and y of a dart, whose independence is what makes the estimate pi and not something near it. */
static void x_and_y_are_independent(void **state) {
  (void)state;
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    generator->throw_darts(12, 0, DARTS, darts_a);
    uint32_t counts[CELLS] = {0};
    for (size_t i = 0; i < DARTS; i++) {
      counts[32 * upper(darts_a[i].x) + upper(darts_a[i].y)]++;
    }
    want_uniform(&(struct subject){generator, "x and y", 0}, counts);
  }
}

/* A dart and the one `lag` later: the next, the next of the same stream, the one at the same place
   of the next block, and that of a block far away. */
static void later_darts_are_independent(void **state) {
  (void)state;
  static const uint64_t lags[] = {1, 2, XOSHIRO_STREAMS, XOSHIRO_BLOCK, UINT64_C(1) << 33};
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    generator->throw_darts(13, 0, DARTS, darts_a);
    for (size_t l = 0; l < sizeof lags / sizeof lags[0]; l++) {
      generator->throw_darts(13, lags[l], lags[l] + DARTS, darts_b);
      want_independent(generator, "a dart and one later", lags[l]);
    }
  }
}

/* Seeds that differ in one bit, or by one. */
static void neighbouring_seeds_are_independent(void **state) {
  (void)state;
  static const uint64_t others[] = {2, 1, 4, UINT64_C(3) | UINT64_C(1) << 32,
                                    UINT64_C(3) | UINT64_C(1) << 63};
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    generator->throw_darts(3, 0, DARTS, darts_a);
    for (size_t s = 0; s < sizeof others / sizeof others[0]; s++) {
      generator->throw_darts(others[s], 0, DARTS, darts_b);
      want_independent(generator, "seed 3 and seed", others[s]);
    }
  }
}

/* Hits of COUNTS equal batches: their sum, their spread and their correlation from each to the next
   must be those of independent darts. Too little spread is as wrong as too much. */
enum { COUNTS = 2048 };

static void want_binomial(const struct subject *subject, const uint64_t hits[COUNTS],
                          uint64_t batch) {
  double sigma = sqrt((double)batch * HIT * (1 - HIT));
  double sum = 0;
  double squares = 0;
  double products = 0;
  double last = 0;
  for (int i = 0; i < COUNTS; i++) {
    double z = ((double)hits[i] - (double)batch * HIT) / sigma;
    sum += z;
    squares += z * z;
    products += z * last;
    last = z;
  }
  want_ordinary(subject, sum / sqrt(COUNTS));
  want_ordinary(subject, z_of_chi_square(squares, COUNTS));
  want_ordinary(subject, products / sqrt(COUNTS - 1));
}

static void neighbouring_blocks_scatter_as_they_should(void **state) {
  (void)state;
  uint64_t hits[COUNTS];
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    uint64_t batch = generator->grain;
    for (uint64_t i = 0; i < COUNTS; i++) {
      hits[i] = generator->hits(14, i * batch, (i + 1) * batch);
    }
    want_binomial(&(struct subject){generator, "hits per block", batch}, hits, batch);
  }
}

static void neighbouring_seeds_scatter_as_they_should(void **state) {
  (void)state;
  enum { BATCH = 1 << 14 };
  uint64_t hits[COUNTS];
  for (size_t g = 0; g < 2; g++) {
    const struct pi_generator *generator = pi_generator_find(names[g]);
    for (uint64_t seed = 0; seed < COUNTS; seed++) {
      hits[seed] = generator->hits(seed, 0, BATCH);
    }
    want_binomial(&(struct subject){generator, "hits per seed", BATCH}, hits, BATCH);
  }
}

int main(void) {
  struct fault fault;
  if (isa_choose(&fault) != STATUS_OK) {
    print_error("%s\n", fault.text);
    return 1;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(coordinates_are_uniform),
      cmocka_unit_test(x_and_y_are_independent),
      cmocka_unit_test(later_darts_are_independent),
      cmocka_unit_test(neighbouring_seeds_are_independent),
      cmocka_unit_test(neighbouring_blocks_scatter_as_they_should),
      cmocka_unit_test(neighbouring_seeds_scatter_as_they_should),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
