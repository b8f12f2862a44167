#include <math.h>
#include <stdio.h>

#include "kernels/philox.h"
#include "kernels/smooth.h"
#include "workloads/kde_estimate.h"

/* A point and a width at random. */
static size_t draw(const struct job *job, uint64_t index, uint64_t *point, size_t *width) {
  const struct estimate *estimate = job->state;
  struct philox_block block = philox_block(job->seed + 0x6b6465, index);
  *point = block.word[0] % estimate->data.points;
  *width = block.word[1] % estimate->widths;
  return *point * estimate->widths + *width;
}

/* Some counts again, by looking at every sample with every dimension compared. */
static bool direct_counts_agree(const struct job *job, const uint64_t *counts) {
  const struct estimate *estimate = job->state;
  for (uint64_t i = 0; i < 3; i++) {
    uint64_t point;
    size_t w;
    size_t index = draw(job, i, &point, &w);
    if (counts[index] != cube_count(&estimate->data.samples, 0, estimate->data.count,
                                    kde_point(estimate, point), estimate->cube.half_widths[w])) {
      return false;
    }
  }
  return true;
}

/* A wider cube holds at least as many samples, and never more than there are. */
static bool counts_grow(const struct estimate *estimate, const uint64_t *counts) {
  for (uint64_t i = 0; i < estimate->data.points * estimate->widths; i++) {
    if (counts[i] > estimate->data.count ||
        (i % estimate->widths != 0 && counts[i] < counts[i - 1])) {
      return false;
    }
  }
  return true;
}

/* The kernel around a point by its definition, with libm's exp, between 0 and 1. */
static double direct_term(const struct estimate *estimate, const double *at, uint64_t sample,
                          double width) {
  const struct samples *samples = &estimate->data.samples;
  double square = 0;
  double product = 1;
  for (size_t j = 0; j < samples->dimensions; j++) {
    double u = (at[j] - samples->coordinates[j * samples->stride + sample]) / width;
    square += u * u;
    product *= fabs(u) <= 1 ? 1 - u * u : 0;
  }
  return estimate->kernel == KDE_GAUSS ? exp(-square / 2) : product;
}

/* The mean of all terms of one point and width, with every sample's term computed anew. */
static double direct_mean(const struct estimate *estimate, uint64_t point, double width) {
  const double *at = kde_point(estimate, point);
  double sum = 0;
  double lost = 0; /* Kahan's: what the last addition left out, so that errors do not pile up */
  for (uint64_t i = 0; i < estimate->data.count; i++) {
    double term = direct_term(estimate, at, i, width) - lost;
    double next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return sum / (double)estimate->data.count;
}

static bool check_smooth(const struct job *job, const struct tally *tally, char *text,
                         size_t size) {
  const struct estimate *estimate = job->state;
  uint64_t point;
  size_t w;
  size_t index = draw(job, 0, &point, &w);
  double mean =
      ldexp((double)tally->wide_sums[index], -SMOOTH_TERM_BITS) / (double)estimate->data.count;
  double direct = direct_mean(estimate, point, estimate->width[w]);
  /* Each way is off by at most (8 d + 8) 2^-53, a kernel's peak being 1 (kernels/smooth.h counts
     for ours; the direct way has as many roundings, and libm's exp one or two units in the last
     place). So the difference cannot be above this unless something is wrong. */
  double tolerance = (16 * (double)estimate->data.samples.dimensions + 24) * 0x1p-53;
  double off = fabs(mean - direct);
  bool right = off <= tolerance;
  snprintf(text, size,
           "a random density, summed directly with libm, %s: off by %.2g of the kernel's peak, "
           "%.2g is allowed",
           right ? "agrees" : "DIFFERS", off, tolerance);
  return right;
}

bool kde_check(const struct job *job, const struct tally *tally, const uint64_t *counts, char *text,
               size_t size) {
  const struct estimate *estimate = job->state;
  if (estimate->kernel != KDE_CUBE) {
    return check_smooth(job, tally, text, size);
  }
  bool direct = direct_counts_agree(job, counts);
  bool grow = counts_grow(estimate, counts);
  snprintf(text, size, "three random counts, counted directly, %s; counts %s with the width",
           direct ? "agree" : "DIFFER", grow ? "grow" : "do NOT grow");
  return direct && grow;
}
