#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/text.h"
#include "kernels/smooth.h"
#include "workloads/kde_estimate.h"

static const double PI = 3.14159265358979323846;

/* Samples inside the cube of the w-th width: by samples, the tally holds bins between widths. */
static uint64_t *counts_of(const struct estimate *estimate, const struct tally *tally) {
  uint64_t *counts = calloc(tally->shape.sums + 1, sizeof *counts);
  for (size_t i = 0; counts != NULL && i < tally->shape.sums; i++) {
    bool add = !estimate->by_widths && i % estimate->widths != 0;
    counts[i] = tally->sums[i] + (add ? counts[i - 1] : 0);
  }
  return counts;
}

/* total / (n (factor width)^d): total is the sum of the kernel, its peak taken as 1, and 1 /
   factor^d is its peak. */
static double density(const struct estimate *estimate, double total, double width) {
  static const double factor[] = {
      [KDE_CUBE] = 1,
      [KDE_GAUSS] = 2.50662827463100050242, /* sqrt(2 pi) */
      [KDE_EPANECHNIKOV] = 4.0 / 3,
  };
  double volume = 1;
  if (total == 0) { /* whatever the volume, which may be too small for a double */
    return 0;
  }
  for (size_t j = 0; j < estimate->data.samples.dimensions; j++) {
    volume *= width * factor[estimate->kernel];
  }
  return total / ((double)estimate->data.count * volume);
}

/* The density of the standard normal distribution, which --normal samples. */
static double true_density(const double *point, size_t dimensions) {
  double square = 0;
  for (size_t j = 0; j < dimensions; j++) {
    square += point[j] * point[j];
  }
  return exp(-square / 2) / pow(2 * PI, (double)dimensions / 2);
}

/* JSON has no infinity: null, where a width to the power of d does not fit in a double. */
static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

/* counts is NULL unless the kernel is the cube. */
static json_t *point_answer(const struct estimate *estimate, bool truth_known, uint64_t point,
                            const struct tally *tally, const uint64_t *counts) {
  size_t dimensions = estimate->data.samples.dimensions;
  const double *at = kde_point(estimate, point);
  double truth = true_density(at, dimensions);
  json_t *coordinates = json_array();
  json_t *widths = json_array();
  json_t *count_list = counts == NULL ? NULL : json_array();
  json_t *densities = json_array();
  size_t best = 0;
  double best_error = INFINITY;
  for (size_t j = 0; j < dimensions; j++) {
    json_array_append_new(coordinates, json_real(at[j]));
  }
  for (size_t w = 0; w < estimate->widths; w++) {
    size_t index = point * estimate->widths + w;
    double total = counts != NULL ? (double)counts[index]
                                  : ldexp((double)tally->wide_sums[index], -SMOOTH_TERM_BITS);
    double p = density(estimate, total, estimate->width[w]);
    json_array_append_new(widths, json_real(estimate->width[w]));
    json_array_append_new(densities, real_or_null(p));
    if (counts != NULL) {
      json_array_append_new(count_list, json_integer((json_int_t)counts[index]));
    }
    if (fabs(p - truth) < best_error) {
      best_error = fabs(p - truth);
      best = w;
    }
  }
  /* Which width is best can be told where the true density is known. */
  json_t *best_width = truth_known ? json_real(estimate->width[best]) : json_null();
  json_t *answer = json_pack("{s:o, s:o}", "at", coordinates, "widths", widths);
  if (count_list != NULL) {
    json_object_set_new(answer, "counts", count_list);
  }
  json_object_set_new(answer, "densities", densities);
  json_object_set_new(answer, "best", best_width);
  return answer;
}

enum status kde_finish(const struct job *job, const struct tally *tally, struct outcome *outcome,
                       struct fault *fault) {
  const struct kde *kde = job->parameters;
  const struct estimate *estimate = job->state;
  uint64_t *counts = NULL;
  if (estimate->kernel == KDE_CUBE) {
    counts = counts_of(estimate, tally);
    if (counts == NULL) {
      return fault_set(fault, STATUS_FAILED, "out of memory for the counts");
    }
  }
  json_t *points = json_array();
  for (uint64_t point = 0; point < estimate->data.points; point++) {
    json_array_append_new(points, point_answer(estimate, kde->data == NULL, point, tally, counts));
  }
  json_object_set_new(outcome->answer, "points", points);
  json_object_set_new(outcome->facts, "samples", json_integer((json_int_t)estimate->data.count));
  json_object_set_new(outcome->facts, "split",
                      json_string(estimate->by_widths ? "widths" : "samples"));
  outcome->right = kde_check(job, tally, counts, outcome->check, sizeof outcome->check);
  free(counts);
  return STATUS_OK;
}

/* A point's coordinates: a cell each, or all in one where there are too many for columns. */
static void add_coordinates(struct table *table, const json_t *at, bool columns) {
  struct text joined = {0};
  for (size_t j = 0; j < json_array_size(at); j++) {
    char number[NUMBER_TEXT];
    number_real_text(json_real_value(json_array_get(at, j)), number);
    if (columns) {
      table_add_cell(table, "%s", number);
    } else if (text_reserve(&joined, sizeof number + 1)) {
      joined.length +=
          (size_t)sprintf(joined.bytes + joined.length, "%s%s", j == 0 ? "" : " ", number);
    }
  }
  if (!columns) {
    table_add_cell(table, "%.*s", (int)joined.length, joined.length > 0 ? joined.bytes : "");
  }
  text_free(&joined);
}

static void add_real(struct table *table, const json_t *value) {
  char number[NUMBER_TEXT];
  table_add_cell(table, "%s",
                 json_is_null(value) ? "-" : number_real_text(json_real_value(value), number));
}

void kde_tabulate(const json_t *answer, struct table *table) {
  static const char *const axes[] = {"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"};
  const json_t *points = json_object_get(answer, "points");
  const json_t *first = json_array_get(points, 0);
  size_t dimensions = json_array_size(json_object_get(first, "at"));
  bool columns = dimensions <= sizeof axes / sizeof axes[0];
  bool counted = json_object_get(first, "counts") != NULL;
  for (size_t j = 0; j < (columns ? dimensions : 1); j++) {
    if (columns) {
      table_add_real_column(table, axes[j]);
    } else {
      table_add_column(table, "at", true);
    }
  }
  table_add_real_column(table, "width");
  if (counted) {
    table_add_column(table, "count", false);
  }
  table_add_real_column(table, "density");
  size_t p;
  json_t *point;
  json_array_foreach(points, p, point) {
    const json_t *widths = json_object_get(point, "widths");
    const json_t *counts = json_object_get(point, "counts");
    const json_t *densities = json_object_get(point, "densities");
    for (size_t w = 0; w < json_array_size(widths); w++) {
      add_coordinates(table, json_object_get(point, "at"), columns);
      add_real(table, json_array_get(widths, w));
      if (counted) {
        table_add_cell(table, "%" JSON_INTEGER_FORMAT,
                       json_integer_value(json_array_get(counts, w)));
      }
      add_real(table, json_array_get(densities, w));
    }
  }
}

void kde_brief(const json_t *answer, char *text, size_t size) {
  const json_t *points = json_object_get(answer, "points");
  const json_t *first = json_array_get(points, 0);
  snprintf(text, size, "%zu x %zu densities", json_array_size(points),
           json_array_size(json_object_get(first, "widths")));
}
