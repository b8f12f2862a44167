/* Density estimation: cube against the textbook's loop and against numpy, the smooth kernels
   against libm. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "kernels/cube.h"
#include "kernels/normal.h"
#include "kernels/smooth.h"

#ifndef BENCH_DIR
#define BENCH_DIR "tests/bench" /* as seen from the top of the source tree */
#endif

static const char PYTHON[] = "/usr/bin/python3";

enum { WIDTHS = 100, BLOCK = 16384 };

struct cube_bench {
  double *coordinates; /* of samples, then of points */
  struct samples samples;
  uint64_t count;
  double *points; /* pairs */
  size_t point_count;
  double half_widths[WIDTHS];
  struct cube_widths widths;
  uint64_t *bins;
  int repeats;
};

static void *must(void *memory) {
  if (memory == NULL) {
    fprintf(stderr, "kernels: out of memory\n");
    exit(1);
  }
  return memory;
}

/* Samples and points of a 2-D standard normal distribution; widths 0.01, 0.02 ... 1. */
static struct cube_bench make_cube(uint64_t count, size_t points) {
  struct cube_bench bench = {.count = count, .point_count = points, .repeats = 1};
  /* On a cache line's edge, and each coordinate too (count is a multiple of 16), as in a job. */
  size_t bytes = 2 * (count + points) * sizeof(double);
  double *coordinates = must(aligned_alloc(64, (bytes + 63) / 64 * 64));
  for (uint64_t i = 0; i < 2 * (count + points); i++) {
    coordinates[i] = normal_deviate(1, i);
  }
  bench.coordinates = coordinates;
  bench.samples = (struct samples){coordinates, count, 2};
  bench.points = coordinates + 2 * count;
  bench.bins = must(calloc(points * WIDTHS, sizeof *bench.bins));
  for (int w = 0; w < WIDTHS; w++) {
    bench.half_widths[w] = (w + 1) / 100.0 / 2;
  }
  if (!cube_widths_init(&bench.widths, bench.half_widths, WIDTHS)) {
    must(NULL);
  }
  return bench;
}

static void free_cube(struct cube_bench *bench) {
  free(bench->coordinates);
  free(bench->bins);
  cube_widths_free(&bench->widths);
}

static void run_cube(void *data) {
  struct cube_bench *bench = data;
  for (int repeat = 0; repeat < bench->repeats; repeat++) {
    memset(bench->bins, 0, bench->point_count * WIDTHS * sizeof *bench->bins);
    for (uint64_t lo = 0; lo < bench->count; lo += BLOCK) {
      uint64_t hi = lo + BLOCK < bench->count ? lo + BLOCK : bench->count;
      for (size_t point = 0; point < bench->point_count; point++) {
        cube_histogram(&bench->samples, lo, hi, bench->points + 2 * point, &bench->widths,
                       bench->bins + point * WIDTHS);
      }
    }
  }
  bench_sink += bench->bins[0];
}

/* The textbook's loop: for each width every sample, for each sample every dimension. */
static void run_direct(void *data) {
  struct cube_bench *bench = data;
  for (int w = 0; w < WIDTHS; w++) {
    bench_sink +=
        cube_count(&bench->samples, 0, bench->count, bench->points, bench->half_widths[w]);
  }
}

/* A Python that answers every line written to it. */
struct numpy {
  pid_t pid;
  FILE *to, *from;
  unsigned long long total; /* of the last answer */
};

static bool start_numpy(struct numpy *numpy, const char *file, const struct cube_bench *bench) {
  int to[2];
  int from[2];
  char numbers[4][32];
  snprintf(numbers[0], sizeof numbers[0], "%llu", (unsigned long long)bench->count);
  snprintf(numbers[1], sizeof numbers[1], "%zu", bench->point_count);
  snprintf(numbers[2], sizeof numbers[2], "%d", WIDTHS);
  snprintf(numbers[3], sizeof numbers[3], "%.17g", bench->half_widths[WIDTHS - 1]);
  if (access(PYTHON, X_OK) != 0 || pipe(to) != 0 || pipe(from) != 0) {
    return false;
  }
  fflush(stdout);
  numpy->pid = fork();
  if (numpy->pid == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    close(to[1]);
    close(from[0]);
    if (freopen("/dev/null", "w", stderr) != NULL) { /* a numpy that is not there is no failure */
      execl(PYTHON, PYTHON, BENCH_DIR "/kde_numpy.py", file, numbers[0], numbers[1], numbers[2],
            numbers[3], (char *)NULL);
    }
    _exit(1);
  }
  close(to[0]);
  close(from[1]);
  numpy->to = must(fdopen(to[1], "w"));
  numpy->from = must(fdopen(from[0], "r"));
  char line[64];
  return numpy->pid > 0 && fgets(line, sizeof line, numpy->from) != NULL;
}

static void stop_numpy(struct numpy *numpy) {
  fclose(numpy->to);
  fclose(numpy->from);
  waitpid(numpy->pid, NULL, 0);
}

struct against_numpy {
  struct cube_bench cube; /* first: run_cube takes it */
  struct numpy numpy;
};

static void run_numpy(void *data) {
  struct against_numpy *bench = data;
  char line[64];
  char *end = line;
  fputs("\n", bench->numpy.to);
  fflush(bench->numpy.to);
  if (fgets(line, sizeof line, bench->numpy.from) != NULL) {
    strtod(line, &end);
  }
  bench->numpy.total = strtoull(end, NULL, 10);
}

/* All counts added up, as the script does. */
static unsigned long long total_of(const struct cube_bench *bench) {
  unsigned long long total = 0;
  for (size_t i = 0; i < bench->point_count * WIDTHS; i++) {
    total += bench->bins[i] * (WIDTHS - i % WIDTHS);
  }
  return total;
}

static void bench_against_numpy(void) {
  struct against_numpy bench = {.cube = make_cube(1000000, 100)};
  char file[] = "/tmp/bench_kde_XXXXXX";
  int descriptor = mkstemp(file);
  FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
  size_t doubles = 2 * ((size_t)bench.cube.count + bench.cube.point_count);
  bool written = out != NULL &&
                 fwrite(bench.cube.samples.coordinates, sizeof(double), doubles, out) == doubles;
  written = out != NULL && fclose(out) == 0 && written;
  if (written && start_numpy(&bench.numpy, file, &bench.cube)) {
    double distances = (double)bench.cube.count * (double)bench.cube.point_count;
    bench_row(&(struct bench){.kernel = "kde, 1e6 x 2-D, 100 points",
                              .against = "numpy max-norm, filter, histogram",
                              .items = distances,
                              .reference_items = distances,
                              .ours = run_cube,
                              .reference = run_numpy,
                              .data = &bench,
                              .wanted = {3.03, 6.67, 10},
                              .bound_ns = 0.21});
    if (bench.numpy.total != total_of(&bench.cube)) {
      printf("kde: numpy counts %llu samples, parbench %llu: DIFFERENT\n", bench.numpy.total,
             total_of(&bench.cube));
    }
  } else {
    printf("kde against numpy: left out, %s has no numpy (Debian: python3-numpy)\n", PYTHON);
  }
  if (written && bench.numpy.to != NULL) {
    stop_numpy(&bench.numpy);
  }
  remove(file);
  free_cube(&bench.cube);
}

struct gauss_bench {
  struct cube_bench cube; /* samples and the point */
  double widths[WIDTHS];
  size_t count; /* of widths */
  double *squares;
};

static void run_gauss(void *data) {
  struct gauss_bench *bench = data;
  uint128_t sums[WIDTHS] = {0};
  for (int repeat = 0; repeat < bench->cube.repeats; repeat++) {
    gauss_sum(&bench->cube.samples, 0, bench->cube.count, bench->cube.points, bench->widths,
              bench->count, sums);
  }
  bench_sink += (unsigned long long)sums[0];
}

static void run_libm_exp(void *data) {
  struct gauss_bench *bench = data;
  for (size_t w = 0; w < bench->count * (size_t)bench->cube.repeats; w++) {
    double width = bench->widths[w % bench->count];
    double slope = -1 / (2 * width * width);
    double sum = 0;
    for (uint64_t i = 0; i < bench->cube.count; i++) {
      sum += exp(bench->squares[i] * slope);
    }
    bench_sink += (unsigned long long)sum;
  }
}

/* `count` widths from `least` in steps of `step`; libm is given the squared distances for nothing.
 */
static void bench_gauss(const char *name, size_t count, double least, double step,
                        const double wanted[3], double bound_ns) {
  struct gauss_bench bench = {.cube = make_cube(10000, 1), .count = count};
  bench.cube.points[0] = bench.cube.points[1] = 0;
  bench.cube.repeats = (int)(200 / count); /* milliseconds */
  bench.squares = must(malloc(bench.cube.count * sizeof *bench.squares));
  for (uint64_t i = 0; i < bench.cube.count; i++) {
    double x = bench.cube.samples.coordinates[i];
    double y = bench.cube.samples.coordinates[bench.cube.samples.stride + i];
    bench.squares[i] = x * x + y * y;
  }
  for (size_t w = 0; w < count; w++) {
    bench.widths[w] = least + (double)w * step;
  }
  double evaluations = (double)bench.cube.count * (double)count * bench.cube.repeats;
  bench_row(&(struct bench){.kernel = name,
                            .against = "libm exp loop",
                            .items = evaluations,
                            .reference_items = evaluations,
                            .ours = run_gauss,
                            .reference = run_libm_exp,
                            .data = &bench,
                            .wanted = {wanted[0], wanted[1], wanted[2]},
                            .bound_ns = bound_ns});
  free(bench.squares);
  free_cube(&bench.cube);
}

void bench_kde(void) {
  struct cube_bench cube = make_cube(10000, 1);
  cube.points[0] = cube.points[1] = 0;
  cube.repeats = 1000;
  bench_row(&(struct bench){.kernel = "kde, 10,000 x 2-D, 100 widths",
                            .against = "direct loop over widths",
                            .items = (double)cube.count * cube.repeats,
                            .reference_items = (double)cube.count,
                            .ours = run_cube,
                            .reference = run_direct,
                            .data = &cube,
                            .wanted = {120, 200, 300},
                            .bound_ns = 0.26});
  free_cube(&cube);
  bench_against_numpy();
  bench_gauss("gauss, 10 widths 1..1.9", 10, 1, 0.1, (const double[3]){0, 2.2, 3.3}, 0.61);
  bench_gauss("gauss, 100 widths 0.01..1", WIDTHS, 0.01, 0.01, (const double[3]){0, 0, 0}, 0);
}
