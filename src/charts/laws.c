#include "charts/laws.h"

#include <math.h>
#include <string.h>

#include "core/stats.h"

double enlarged_times(const struct result_case *result) {
  const json_t *enlarged = json_object_get(result->record, "enlarged");
  return json_is_integer(enlarged) ? json_number_value(enlarged) : 1;
}

static double median_of(const struct samples *samples) {
  return stats_of(samples->seconds, samples->count).median;
}

static double cores_of(const struct document *document) {
  return json_number_value(json_object_get(document->environment, "cores"));
}

/* The speedup that is the most to hope for: as the record has it, or workers, as far as there are
   cores. */
static double ideal_speedup(const struct document *document, const struct result_case *result) {
  double recorded = json_number_value(json_object_get(result->record, "ideal"));
  double workers = case_workers(result);
  double cores = cores_of(document);
  return recorded > 0 ? recorded : cores > 0 ? fmin(workers, cores) : workers;
}

static bool has_cores(const struct document *document, const struct result_case *result) {
  return ideal_speedup(document, result) >= case_workers(result);
}

static void start_from(struct yardstick *yardstick, const struct samples *samples) {
  struct stats stats = stats_of(samples->seconds, samples->count);
  yardstick->start = stats.median;
  yardstick->error = stats_median_error(&stats);
}

static void find_start(struct yardstick *yardstick, const struct series *series) {
  for (size_t i = 0; i < series->count; i++) {
    const struct result_case *result = series->points[i].result;
    yardstick->weak = yardstick->weak || enlarged_times(result) > 1;
    if (!yardstick->serial && result->serial.count > 0) {
      yardstick->serial = true;
      start_from(yardstick, &result->serial);
    }
  }
  const struct result_case *first = series->points[0].result;
  if (!yardstick->serial && case_workers(first) == 1) {
    start_from(yardstick, &first->parallel);
  }
}

static enum fit_law law_at(const struct yardstick *yardstick, size_t index) {
  return index == 1 ? FIT_UNIVERSAL : yardstick->weak ? FIT_GUSTAFSON : FIT_AMDAHL;
}

static struct fit compute_fit(const struct document *document, const struct yardstick *yardstick,
                              const struct series *series, enum fit_law law) {
  double workers[SERIES_POINTS_MOST];
  double speedups[SERIES_POINTS_MOST];
  size_t count = 0;
  for (size_t i = 0; i < series->count && count < SERIES_POINTS_MOST; i++) {
    const struct result_case *result = series->points[i].result;
    if (has_cores(document, result) && yardstick->start > 0) {
      workers[count] = case_workers(result);
      speedups[count++] = enlarged_times(result) * yardstick->start / median_of(&result->parallel);
    }
  }
  return fit_scaling(law, workers, speedups, count, yardstick->error);
}

/* {law, parameters: {name: {value, ci95}}, misfit} or {law, refused} */
static bool read_fit(const json_t *record, enum fit_law law, struct fit *fit) {
  const char *refused = json_string_value(json_object_get(record, "refused"));
  *fit = (struct fit){.law = law, .count = law == FIT_UNIVERSAL ? 2 : 1};
  if (refused != NULL) {
    snprintf(fit->reason, sizeof fit->reason, "%s", refused);
    return true;
  }
  for (size_t i = 0; i < fit->count; i++) {
    const json_t *parameter =
        json_object_get(json_object_get(record, "parameters"), fit_parameter_name(law, i));
    const json_t *interval = json_object_get(parameter, "ci95");
    if (!json_is_number(json_object_get(parameter, "value")) || json_array_size(interval) != 2) {
      return false;
    }
    fit->value[i] = json_number_value(json_object_get(parameter, "value"));
    fit->low[i] = json_number_value(json_array_get(interval, 0));
    fit->high[i] = json_number_value(json_array_get(interval, 1));
  }
  fit->misfit = json_number_value(json_object_get(record, "misfit"));
  fit->fitted = true;
  return true;
}

static bool recorded_fit(const json_t *analysis, enum fit_law law, struct fit *fit) {
  const json_t *record;
  size_t i;
  json_array_foreach(json_object_get(analysis, "fits"), i, record) {
    const char *name = json_string_value(json_object_get(record, "law"));
    if (name != NULL && strcmp(name, fit_name(law)) == 0) {
      return read_fit(record, law, fit);
    }
  }
  return false;
}

struct yardstick yardstick_of(const struct document *document, const struct series_list *list,
                              size_t index) {
  const struct series *series = &list->series[index];
  const json_t *analyses = json_object_get(document->content, "analysis");
  const json_t *analysis =
      json_array_size(analyses) == list->count ? json_array_get(analyses, index) : NULL;
  struct yardstick yardstick = {0};
  find_start(&yardstick, series);
  for (size_t i = 0; i < LAWS; i++) {
    enum fit_law law = law_at(&yardstick, i);
    if (!recorded_fit(analysis, law, &yardstick.fits[i])) {
      yardstick.fits[i] = compute_fit(document, &yardstick, series, law);
    }
  }
  return yardstick;
}

/* Between two points that were measured the ideal grows with the ranks until it is the second's:
   so it bends where the cores are used up. */
double yardstick_ideal(const struct yardstick *yardstick, const struct document *document,
                       const struct series *series, double ranks) {
  size_t next = 0;
  while (next + 1 < series->count && series->points[next].x < ranks) {
    next++;
  }
  const struct series_point *high = &series->points[next];
  const struct series_point *low = next > 0 ? high - 1 : high;
  double way = high->x > low->x ? (ranks - low->x) / (high->x - low->x) : 1;
  double work = enlarged_times(low->result) +
                way * (enlarged_times(high->result) - enlarged_times(low->result));
  double speedup = high->x > ranks ? fmin(ideal_speedup(document, low->result) * ranks / low->x,
                                          ideal_speedup(document, high->result))
                                   : ideal_speedup(document, high->result);
  return work * yardstick->start / speedup;
}

double yardstick_law_end(const struct document *document, const struct series *series) {
  double end = 0;
  for (size_t i = 0; i < series->count; i++) {
    if (has_cores(document, series->points[i].result)) {
      end = fmax(end, series->points[i].x);
    }
  }
  return end;
}

double yardstick_law(const struct yardstick *yardstick, const struct fit *fit,
                     const struct series *series, double ranks) {
  const struct series_point *last = &series->points[series->count - 1];
  double workers = ranks * case_workers(last->result) / last->x;
  double work = yardstick->weak ? ranks * enlarged_times(last->result) / last->x : 1;
  return work * yardstick->start / fit_speedup(fit, workers);
}

const char *law_text(const struct fit *fit, char *text, size_t size) {
  snprintf(text, size, "%s: ", fit_name(fit->law));
  for (size_t i = 0; i < fit->count; i++) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s = %.2g [%.2g, %.2g], ", fit_parameter_name(fit->law, i),
             fit->value[i], fit->low[i], fit->high[i]);
  }
  size_t used = strlen(text);
  snprintf(text + used, size - used, "misfit %.2g %%", 100 * fit->misfit);
  return text;
}
