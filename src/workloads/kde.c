/* kde: Parzen-window density estimation at many points and for many widths. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/stats.h"
#include "kernels/smooth.h"
#include "workloads/kde_estimate.h"

static const struct option_row options[] = {
    {"--widths", OPTION_REALS, offsetof(struct kde, widths), "LIST", NULL, NULL, 0, 0, true,
     "widths of the kernel: a,b,c or LO:HI:STEP or LO:HI:nCOUNT"},
    {"--data", OPTION_TEXT, offsetof(struct kde, data), "FILE", NULL, NULL, 0, 0, false,
     "samples as CSV, one a line, without a heading"},
    {"--normal", OPTION_TEXT, offsetof(struct kde, normal), "N,D", NULL, NULL, 0, 0, false,
     "without --data: N samples of a D-dimensional standard normal [10000,2]"},
    {"--at", OPTION_TEXT, offsetof(struct kde, at), "X,Y|FILE", NULL, NULL, 0, 0, false,
     "where: a point, a grid (-2:2:n10,-2:2:n10), or points as CSV [the origin]"},
    {"--kernel", OPTION_CHOICE, offsetof(struct kde, kernel), NULL, "cube",
     "cube|gauss|epanechnikov", 0, 0, false,
     "cube: p(x) = k / (n h^d), k = samples in the cube of width h around x; or a smooth one"},
    {"--split", OPTION_CHOICE, offsetof(struct kde, split), NULL, "auto", "auto|widths|samples", 0,
     0, false, "what is shared out; samples: one distance answers every width"},
    {0},
};

static const char STANDARD_NORMAL[] = "10000,2";

/* More counts than this would not fit in the memory of every rank; of 128-bit sums half as many. */
static const uint64_t MAX_COUNTS = 100000000;

/* What a result takes as JSON and in the table, by the peak of jobs with 1e5 and 1e6 of them in two
   dimensions; a further coordinate there; and one of a point in JSON. */
static const uint64_t BYTES_A_RESULT = 450;
static const uint64_t BYTES_A_CELL = 48;
static const uint64_t BYTES_A_COORDINATE = 48;

static struct kde_source source_of(const struct kde *kde) {
  return (struct kde_source){.data = kde->data,
                             .normal = kde->data == NULL && kde->normal == NULL ? STANDARD_NORMAL
                                                                                : kde->normal,
                             .at = kde->at};
}

static bool is_cube(const struct kde *kde) {
  return strcmp(kde->kernel, "cube") == 0;
}

static enum status kde_validate(void *parameters, struct fault *fault) {
  struct kde *kde = parameters;
  bool cube = is_cube(kde);
  for (size_t i = 0; i < kde->widths.count; i++) {
    double width = kde->widths.values[i];
    if (!(width > 0)) {
      return fault_set(fault, STATUS_USAGE,
                       "--widths: %g is not a width: accepted are numbers above 0", width);
    }
    if (!cube && (width < SMOOTH_LEAST_WIDTH || width > SMOOTH_GREATEST_WIDTH)) {
      return fault_set(fault, STATUS_USAGE,
                       "--widths: %g is no width for --kernel %s: accepted is %g to %g", width,
                       kde->kernel, SMOOTH_LEAST_WIDTH, SMOOTH_GREATEST_WIDTH);
    }
  }
  stats_sort(kde->widths.values, kde->widths.count);
  struct kde_source source = source_of(kde);
  return kde_source_check(&source, fault);
}

/* On rank 0, with their text for people and programs. */
static uint64_t size_of_results(const struct kde_data *data, uint64_t widths) {
  uint64_t dimensions = data->samples.dimensions;
  uint64_t further = dimensions > 2 ? dimensions - 2 : 0;
  uint64_t row = BYTES_A_RESULT + further * BYTES_A_CELL;
  return data->points * (widths * row + dimensions * BYTES_A_COORDINATE);
}

/* Can all results be held, and all distances be numbered? */
static enum status check_size(const struct kde *kde, struct kde_data data, struct fault *fault) {
  uint64_t widths = kde->widths.count;
  uint64_t most = is_cube(kde) ? MAX_COUNTS : MAX_COUNTS / 2;
  if (data.points > most / widths) {
    return fault_set(fault, STATUS_USAGE,
                     "--at and --widths: %" PRIu64 " points with %" PRIu64
                     " widths each: accepted are %" PRIu64 " results in all",
                     data.points, widths, most);
  }
  if (data.count > INT64_MAX / (data.points * widths)) {
    return fault_set(fault, STATUS_USAGE,
                     "--at and --widths: %" PRIu64 " results from %" PRIu64
                     " samples each: accepted are 2^63-1 distances in all",
                     data.points * widths, data.count);
  }
  return memory_check(size_of_results(&data, widths), "the results", fault);
}

static enum status kde_load(const struct job *job, struct blob *blob, struct fault *fault) {
  const struct kde *kde = job->parameters;
  struct kde_source source = source_of(kde);
  if (kde_data_load(&source, job->seed, blob, fault) != STATUS_OK) {
    return fault->status;
  }
  enum status status = check_size(kde, kde_data_view(blob->bytes), fault);
  if (status != STATUS_OK) {
    free(blob->bytes);
    *blob = (struct blob){0};
  }
  return status;
}

static enum status kde_prepare(struct job *job, struct fault *fault) {
  struct estimate *estimate = calloc(1, sizeof *estimate);
  job->state = estimate;
  return estimate != NULL ? kde_estimate_init(estimate, job, fault)
                          : fault_set(fault, STATUS_FAILED, "out of memory");
}

static void kde_release(struct job *job) {
  if (job->state != NULL) {
    kde_estimate_free(job->state);
    free(job->state);
    job->state = NULL;
  }
}

const struct workload kde_workload = {
    .name = "kde",
    .summary = "Parzen-window density of samples, at points and for many widths",
    .item = "distance",
    .example = "--normal 10000,2 --widths 0.1:1.2:0.1",
    .options = options,
    .parameters_size = sizeof(struct kde),
    .validate = kde_validate,
    .load = kde_load,
    .prepare = kde_prepare,
    .items = kde_items,
    .grain = kde_grain,
    .shape = kde_shape,
    .run = kde_run,
    .finish = kde_finish,
    .tabulate = kde_tabulate,
    .brief = kde_brief,
    .release = kde_release,
};
