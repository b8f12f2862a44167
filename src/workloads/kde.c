/* kde: Parzen-window density estimation with the cube kernel, at many points and widths. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/real_list.h"
#include "kernels/cube.h"
#include "kernels/philox.h"
#include "workloads/kde_data.h"
#include "workloads/workload.h"

struct kde {
  char *data, *normal, *at, *kernel, *split;
  struct real_list widths;
};

static const struct option_row options[] = {
    {"--widths", OPTION_REALS, offsetof(struct kde, widths), "LIST", NULL, NULL, 0, 0, true,
     "widths of the cube: a,b,c or LO:HI:STEP or LO:HI:nCOUNT"},
    {"--data", OPTION_TEXT, offsetof(struct kde, data), "FILE", NULL, NULL, 0, 0, false,
     "samples as CSV, one a line, without a heading"},
    {"--normal", OPTION_TEXT, offsetof(struct kde, normal), "N,D", NULL, NULL, 0, 0, false,
     "without --data: N samples of a D-dimensional standard normal [10000,2]"},
    {"--at", OPTION_TEXT, offsetof(struct kde, at), "X,Y|FILE", NULL, NULL, 0, 0, false,
     "where: a point, a grid (-2:2:n10,-2:2:n10), or points as CSV [the origin]"},
    {"--kernel", OPTION_CHOICE, offsetof(struct kde, kernel), NULL, "cube", "cube", 0, 0, false,
     "p(x) = k / (n h^d), k = samples in the cube of width h around x"},
    {"--split", OPTION_CHOICE, offsetof(struct kde, split), NULL, "auto", "auto|widths|samples", 0,
     0, false, "what is shared out; samples: one distance answers every width"},
    {0},
};

static const char STANDARD_NORMAL[] = "10000,2";

/* More counts than this would not fit in the memory of every rank. */
static const uint64_t MAX_COUNTS = 100000000;

struct estimate {
  struct kde_data data;
  size_t widths;
  double *half_widths; /* ascending */
  bool by_widths;      /* --split widths */
};

static struct kde_source source_of(const struct kde *kde) {
  return (struct kde_source){.data = kde->data,
                             .normal = kde->data == NULL && kde->normal == NULL ? STANDARD_NORMAL
                                                                                : kde->normal,
                             .at = kde->at};
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

static enum status kde_validate(void *parameters, struct fault *fault) {
  struct kde *kde = parameters;
  for (size_t i = 0; i < kde->widths.count; i++) {
    if (!(kde->widths.values[i] > 0)) {
      return fault_set(fault, STATUS_USAGE,
                       "--widths: %g is not a width: accepted are numbers above 0",
                       kde->widths.values[i]);
    }
  }
  qsort(kde->widths.values, kde->widths.count, sizeof *kde->widths.values, compare_doubles);
  struct kde_source source = source_of(kde);
  return kde_source_check(&source, fault);
}

static enum status kde_load(const struct job *job, struct blob *blob, struct fault *fault) {
  const struct kde *kde = job->parameters;
  struct kde_source source = source_of(kde);
  if (kde_data_load(&source, job->seed, blob, fault) != STATUS_OK) {
    return fault->status;
  }
  uint64_t points = kde_data_view(blob->bytes).points;
  if (points > MAX_COUNTS / kde->widths.count) {
    free(blob->bytes);
    return fault_set(fault, STATUS_USAGE,
                     "--at and --widths: %" PRIu64 " points with %zu widths each: accepted are "
                     "%" PRIu64 " results in all",
                     points, kde->widths.count, MAX_COUNTS);
  }
  return STATUS_OK;
}

static enum status kde_prepare(struct job *job, struct fault *fault) {
  const struct kde *kde = job->parameters;
  struct estimate *estimate = calloc(1, sizeof *estimate);
  job->state = estimate;
  double *half_widths = malloc(kde->widths.count * sizeof *half_widths);
  if (estimate == NULL || half_widths == NULL) {
    free(half_widths);
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  for (size_t w = 0; w < kde->widths.count; w++) {
    half_widths[w] = kde->widths.values[w] / 2;
  }
  *estimate = (struct estimate){
      .data = kde_data_view(job->shared),
      .widths = kde->widths.count,
      .half_widths = half_widths,
      /* `auto` takes samples: it computes a distance once, the other way once for each width. */
      .by_widths = strcmp(kde->split, "widths") == 0,
  };
  return STATUS_OK;
}

static void kde_release(struct job *job) {
  struct estimate *estimate = job->state;
  if (estimate != NULL) {
    free(estimate->half_widths);
    free(estimate);
    job->state = NULL;
  }
}

/* An item is a distance between a point and a sample. By samples, item point * count + sample is
   computed once; by widths, every width has all of them as one grain. */
static uint64_t distances(const struct estimate *estimate) {
  return estimate->data.points * estimate->data.count;
}

static uint64_t kde_items(const struct job *job) {
  const struct estimate *estimate = job->state;
  return distances(estimate) * (estimate->by_widths ? estimate->widths : 1);
}

static uint64_t kde_grain(const struct job *job) {
  const struct estimate *estimate = job->state;
  return estimate->by_widths ? distances(estimate) : 1024;
}

static struct tally_shape kde_shape(const struct job *job) {
  const struct estimate *estimate = job->state;
  return (struct tally_shape){.sums = estimate->data.points * estimate->widths};
}

static const double *point_of(const struct kde_data *data, uint64_t point) {
  return data->point + point * data->samples.dimensions;
}

static void run_widths(const struct estimate *estimate, struct range range, uint64_t *counts) {
  const struct kde_data *data = &estimate->data;
  uint64_t grain = distances(estimate);
  for (uint64_t w = range.lo / grain; w < range.hi / grain; w++) {
    for (uint64_t point = 0; point < data->points; point++) {
      counts[point * estimate->widths + w] = cube_count(
          &data->samples, 0, data->count, point_of(data, point), estimate->half_widths[w]);
    }
  }
}

static void run_samples(const struct estimate *estimate, struct range range, uint64_t *bins) {
  const struct kde_data *data = &estimate->data;
  while (range.lo < range.hi) {
    uint64_t point = range.lo / data->count;
    uint64_t lo = range.lo % data->count;
    uint64_t length =
        data->count - lo < range_length(range) ? data->count - lo : range_length(range);
    cube_histogram(&data->samples, lo, lo + length, point_of(data, point), estimate->half_widths,
                   estimate->widths, bins + point * estimate->widths);
    range.lo += length;
  }
}

static enum status kde_run(const struct job *job, struct range range, struct tally *tally,
                           struct fault *fault) {
  (void)fault;
  const struct estimate *estimate = job->state;
  (estimate->by_widths ? run_widths : run_samples)(estimate, range, tally->sums);
  return STATUS_OK;
}

/* Samples inside the cube of the w-th width: by samples, the tally holds bins between widths. */
static uint64_t *counts_of(const struct estimate *estimate, const struct tally *tally) {
  uint64_t *counts = malloc((tally->shape.sums + 1) * sizeof *counts);
  for (size_t i = 0; counts != NULL && i < tally->shape.sums; i++) {
    bool add = !estimate->by_widths && i % estimate->widths != 0;
    counts[i] = tally->sums[i] + (add ? counts[i - 1] : 0);
  }
  return counts;
}

static double density(const struct estimate *estimate, uint64_t count, double width) {
  double volume = 1;
  for (size_t j = 0; j < estimate->data.samples.dimensions; j++) {
    volume *= width;
  }
  return (double)count / ((double)estimate->data.count * volume);
}

/* The density of the standard normal distribution, which --normal samples. */
static double true_density(const double *point, size_t dimensions) {
  double square = 0;
  for (size_t j = 0; j < dimensions; j++) {
    square += point[j] * point[j];
  }
  return exp(-square / 2) / pow(2 * 3.14159265358979323846, (double)dimensions / 2);
}

static json_t *point_answer(const struct estimate *estimate, const struct kde *kde, uint64_t point,
                            const uint64_t *counts) {
  size_t dimensions = estimate->data.samples.dimensions;
  const double *at = point_of(&estimate->data, point);
  double truth = true_density(at, dimensions);
  json_t *coordinates = json_array();
  json_t *widths = json_array();
  json_t *count_list = json_array();
  json_t *densities = json_array();
  size_t best = 0;
  double best_error = INFINITY;
  for (size_t j = 0; j < dimensions; j++) {
    json_array_append_new(coordinates, json_real(at[j]));
  }
  for (size_t w = 0; w < estimate->widths; w++) {
    double width = kde->widths.values[w];
    uint64_t count = counts[point * estimate->widths + w];
    double p = density(estimate, count, width);
    json_array_append_new(widths, json_real(width));
    json_array_append_new(count_list, json_integer((json_int_t)count));
    json_array_append_new(densities, json_real(p));
    if (fabs(p - truth) < best_error) {
      best_error = fabs(p - truth);
      best = w;
    }
  }
  /* Which width is best can be told where the true density is known. */
  json_t *best_width = kde->data == NULL ? json_real(kde->widths.values[best]) : json_null();
  return json_pack("{s:o, s:o, s:o, s:o, s:o}", "at", coordinates, "widths", widths, "counts",
                   count_list, "densities", densities, "best", best_width);
}

/* Some counts again, by looking at every sample with every dimension compared. */
static bool direct_counts_agree(const struct job *job, const struct estimate *estimate,
                                const uint64_t *counts) {
  const struct kde_data *data = &estimate->data;
  for (uint64_t i = 0; i < 3; i++) {
    struct philox_block draw = philox_block(job->seed + 0x6b6465, i);
    uint64_t point = draw.word[0] % data->points;
    size_t w = draw.word[1] % estimate->widths;
    if (counts[point * estimate->widths + w] != cube_count(&data->samples, 0, data->count,
                                                           point_of(data, point),
                                                           estimate->half_widths[w])) {
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

static enum status kde_finish(const struct job *job, const struct tally *tally,
                              struct outcome *outcome, struct fault *fault) {
  const struct kde *kde = job->parameters;
  const struct estimate *estimate = job->state;
  uint64_t *counts = counts_of(estimate, tally);
  if (counts == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory for the counts");
  }
  json_t *points = json_array();
  for (uint64_t point = 0; point < estimate->data.points; point++) {
    json_array_append_new(points, point_answer(estimate, kde, point, counts));
  }
  json_object_set_new(outcome->answer, "points", points);
  json_object_set_new(outcome->facts, "samples", json_integer((json_int_t)estimate->data.count));
  json_object_set_new(outcome->facts, "split",
                      json_string(estimate->by_widths ? "widths" : "samples"));
  bool direct = direct_counts_agree(job, estimate, counts);
  bool grow = counts_grow(estimate, counts);
  outcome->right = direct && grow;
  snprintf(outcome->check, sizeof outcome->check,
           "three random counts, counted directly, %s; counts %s with the width",
           direct ? "agree" : "DIFFER", grow ? "grow" : "do NOT grow");
  free(counts);
  return STATUS_OK;
}

static void kde_tabulate(const json_t *answer, struct table *table) {
  static const char *const axes[] = {"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"};
  const json_t *points = json_object_get(answer, "points");
  size_t dimensions = json_array_size(json_object_get(json_array_get(points, 0), "at"));
  bool columns = dimensions <= sizeof axes / sizeof axes[0];
  for (size_t j = 0; j < (columns ? dimensions : 1); j++) {
    if (columns) {
      table_add_real_column(table, axes[j]);
    } else {
      table_add_column(table, "at", true);
    }
  }
  table_add_real_column(table, "width");
  table_add_column(table, "count", false);
  table_add_real_column(table, "density");
  size_t p;
  json_t *point;
  json_array_foreach(points, p, point) {
    const json_t *at = json_object_get(point, "at");
    const json_t *widths = json_object_get(point, "widths");
    for (size_t w = 0; w < json_array_size(widths); w++) {
      char number[NUMBER_TEXT];
      char joined[512] = "";
      for (size_t j = 0; j < dimensions; j++) {
        number_real_text(json_real_value(json_array_get(at, j)), number);
        if (columns) {
          table_add_cell(table, "%s", number);
        } else {
          size_t used = strlen(joined);
          snprintf(joined + used, sizeof joined - used, "%s%s", j == 0 ? "" : " ", number);
        }
      }
      if (!columns) {
        table_add_cell(table, "%s", joined);
      }
      table_add_cell(table, "%s",
                     number_real_text(json_real_value(json_array_get(widths, w)), number));
      table_add_cell(table, "%" JSON_INTEGER_FORMAT,
                     json_integer_value(json_array_get(json_object_get(point, "counts"), w)));
      table_add_cell(
          table, "%s",
          number_real_text(json_real_value(json_array_get(json_object_get(point, "densities"), w)),
                           number));
    }
  }
}

static void kde_brief(const json_t *answer, char *text, size_t size) {
  const json_t *points = json_object_get(answer, "points");
  const json_t *first = json_array_get(points, 0);
  snprintf(text, size, "%zu x %zu densities", json_array_size(points),
           json_array_size(json_object_get(first, "widths")));
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
