#include "workloads/kde_estimate.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/smooth.h"

enum {
  GRAIN = 1024,         /* distances, and a divisor of blocks */
  BLOCK_DOUBLES = 32768 /* 256 KiB: a part of any second-level cache */
};

static bool prepare_cube(struct estimate *estimate) {
  double *half_widths = malloc(estimate->widths * sizeof *half_widths);
  if (half_widths == NULL) {
    return false;
  }
  for (size_t w = 0; w < estimate->widths; w++) {
    half_widths[w] = estimate->width[w] / 2;
  }
  bool good = cube_widths_init(&estimate->cube, half_widths, estimate->widths);
  free(half_widths);
  return good;
}

enum status kde_estimate_init(struct estimate *estimate, const struct job *job,
                              struct fault *fault) {
  const struct kde *kde = job->parameters;
  *estimate = (struct estimate){
      .data = kde_data_view(job->shared),
      .kernel = strcmp(kde->kernel, "gauss") == 0          ? KDE_GAUSS
                : strcmp(kde->kernel, "epanechnikov") == 0 ? KDE_EPANECHNIKOV
                                                           : KDE_CUBE,
      .widths = kde->widths.count,
      .width = kde->widths.values,
      /* `auto` takes samples: it computes a distance once, the other way once for each width. */
      .by_widths = strcmp(kde->split, "widths") == 0,
  };
  uint64_t samples = BLOCK_DOUBLES / estimate->data.samples.dimensions;
  estimate->block = samples < GRAIN ? GRAIN : samples / GRAIN * GRAIN;
  return estimate->kernel != KDE_CUBE || prepare_cube(estimate)
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED, "out of memory for %zu widths", estimate->widths);
}

void kde_estimate_free(struct estimate *estimate) {
  cube_widths_free(&estimate->cube);
}

/* An item is a distance between a point and a sample. By samples each is computed once, block of
   samples by block, in a block point by point, for a point sample by sample. By widths, every width
   has all of them as one grain. */
static uint64_t distances(const struct estimate *estimate) {
  return estimate->data.points * estimate->data.count;
}

uint64_t kde_items(const struct job *job) {
  const struct estimate *estimate = job->state;
  return distances(estimate) * (estimate->by_widths ? estimate->widths : 1);
}

uint64_t kde_grain(const struct job *job) {
  const struct estimate *estimate = job->state;
  return estimate->by_widths ? distances(estimate) : GRAIN;
}

struct tally_shape kde_shape(const struct job *job) {
  const struct estimate *estimate = job->state;
  size_t numbers = estimate->data.points * estimate->widths;
  struct tally_shape shape = {0};
  *(estimate->kernel == KDE_CUBE ? &shape.sums : &shape.wide_sums) = numbers;
  return shape;
}

/* Add the samples [lo, hi) around a point for `count` widths from `first` on. */
static void add_smooth(const struct estimate *estimate, uint64_t lo, uint64_t hi, uint64_t point,
                       size_t first, size_t count, struct tally *tally) {
  (estimate->kernel == KDE_GAUSS ? gauss_sum : epanechnikov_sum)(
      &estimate->data.samples, lo, hi, kde_point(estimate, point), estimate->width + first, count,
      tally->wide_sums + point * estimate->widths + first);
}

/* All distances of one width. */
static enum status run_width(const struct estimate *estimate, size_t w, struct tally *tally,
                             struct fault *fault) {
  const struct kde_data *data = &estimate->data;
  struct cube_widths one = {0};
  if (estimate->kernel == KDE_CUBE && !cube_widths_init(&one, estimate->cube.half_widths + w, 1)) {
    return fault_set(fault, STATUS_FAILED, "out of memory for a width");
  }
  for (uint64_t lo = 0; lo < data->count; lo += estimate->block) {
    uint64_t hi = data->count - lo < estimate->block ? data->count : lo + estimate->block;
    for (uint64_t point = 0; point < data->points; point++) {
      if (estimate->kernel == KDE_CUBE) {
        cube_histogram(&data->samples, lo, hi, kde_point(estimate, point), &one,
                       tally->sums + point * estimate->widths + w);
      } else {
        add_smooth(estimate, lo, hi, point, w, 1, tally);
      }
    }
  }
  cube_widths_free(&one);
  return STATUS_OK;
}

static enum status run_widths(const struct estimate *estimate, struct range range,
                              struct tally *tally, struct fault *fault) {
  uint64_t grain = distances(estimate);
  enum status status = STATUS_OK;
  for (size_t w = range.lo / grain; w < range.hi / grain && status == STATUS_OK; w++) {
    status = run_width(estimate, w, tally, fault);
  }
  return status;
}

static void run_samples(const struct estimate *estimate, struct range range, struct tally *tally) {
  const struct kde_data *data = &estimate->data;
  uint64_t block_items = estimate->block * data->points;
  while (range.lo < range.hi) {
    uint64_t first = range.lo / block_items * estimate->block;
    uint64_t length = data->count - first < estimate->block ? data->count - first : estimate->block;
    uint64_t item = range.lo % block_items;
    uint64_t point = item / length;
    uint64_t lo = item % length;
    uint64_t taken = length - lo < range_length(range) ? length - lo : range_length(range);
    lo += first;
    if (estimate->kernel == KDE_CUBE) {
      cube_histogram(&data->samples, lo, lo + taken, kde_point(estimate, point), &estimate->cube,
                     tally->sums + point * estimate->widths);
    } else {
      add_smooth(estimate, lo, lo + taken, point, 0, estimate->widths, tally);
    }
    range.lo += taken;
  }
}

enum status kde_run(const struct job *job, struct range range, struct tally *tally,
                    struct fault *fault) {
  const struct estimate *estimate = job->state;
  if (estimate->by_widths) {
    return run_widths(estimate, range, tally, fault);
  }
  run_samples(estimate, range, tally);
  return STATUS_OK;
}
