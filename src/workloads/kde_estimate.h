/* What the files of the kde workload share: its parameters, and the work as every rank sees it. */
#pragma once

#include "core/real_list.h"
#include "kernels/cube.h"
#include "workloads/kde_data.h"
#include "workloads/workload.h"

struct kde {
  char *data, *normal, *at, *kernel, *split;
  struct real_list widths; /* ascending, once they are validated */
};

enum kde_kernel { KDE_CUBE, KDE_GAUSS, KDE_EPANECHNIKOV };

struct estimate {
  struct kde_data data;
  enum kde_kernel kernel;
  size_t widths;
  const double *width;     /* widths of them, ascending */
  struct cube_widths cube; /* KDE_CUBE: their halves */
  bool by_widths;          /* --split widths */
  uint64_t block;          /* samples that stay in the cache while all points pass over them */
};

static inline const double *kde_point(const struct estimate *estimate, uint64_t point) {
  return estimate->data.point + point * estimate->data.samples.dimensions;
}

/* From job->parameters and job->shared into estimate; kde_estimate_free also after a failure. */
enum status kde_estimate_init(struct estimate *estimate, const struct job *job,
                              struct fault *fault);
void kde_estimate_free(struct estimate *estimate);

/* The index space and the work, as struct workload wants them; job->state is a struct estimate. The
   tally has a number for each point and width, at [point * widths + width]. The cube's are counts:
   by samples those of distances between a width and the one before, by widths of all samples in the
   cube. The smooth kernels' are wide sums in units of 2^-SMOOTH_TERM_BITS. */
uint64_t kde_items(const struct job *job);
uint64_t kde_grain(const struct job *job);
struct tally_shape kde_shape(const struct job *job);
enum status kde_run(const struct job *job, struct range range, struct tally *tally,
                    struct fault *fault);

/* Is the merged tally right? Some of its numbers again, each by its definition. counts are the
   samples in the cube of each point and width, NULL for other kernels; text[size] says what was
   checked. */
bool kde_check(const struct job *job, const struct tally *tally, const uint64_t *counts, char *text,
               size_t size);

/* The answer, and its table, as struct workload wants them. */
enum status kde_finish(const struct job *job, const struct tally *tally, struct outcome *outcome,
                       struct fault *fault);
void kde_tabulate(const json_t *answer, struct table *table);
void kde_brief(const json_t *answer, char *text, size_t size);
