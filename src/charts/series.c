#include "charts/series.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static int compare_points(const void *a, const void *b) {
  double x = ((const struct series_point *)a)->x;
  double y = ((const struct series_point *)b)->x;
  return (x > y) - (x < y);
}

static struct series *find(struct series_list *list, const struct series_rules *rules,
                           const struct result_case *result) {
  for (size_t i = 0; i < list->count; i++) {
    if (rules->same(rules->data, list->series[i].points[0].result, result)) {
      return &list->series[i];
    }
  }
  return NULL;
}

static struct series *begin(struct series_list *list, const struct series_rules *rules,
                            const struct result_case *result, size_t room) {
  if (list->count == SERIES_MOST) {
    return NULL;
  }
  struct series *series = &list->series[list->count];
  series->points = calloc(room, sizeof *series->points);
  if (series->points == NULL) {
    return NULL;
  }
  list->count++;
  rules->name(rules->data, result, series->name, sizeof series->name);
  return series;
}

bool series_make(const struct case_set *set, const struct series_rules *rules,
                 struct series_list *list) {
  *list = (struct series_list){0};
  for (size_t i = 0; i < set->count; i++) {
    const struct result_case *result = set->cases[i];
    struct series *series = find(list, rules, result);
    if (series == NULL) {
      series = begin(list, rules, result, set->count - i);
    }
    if (series == NULL) {
      series_free(list);
      return false;
    }
    series->points[series->count++] = (struct series_point){result, rules->x(rules->data, result)};
  }
  for (size_t i = 0; i < list->count; i++) {
    qsort(list->series[i].points, list->series[i].count, sizeof *list->series[i].points,
          compare_points);
  }
  return true;
}

void series_free(struct series_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    free(list->series[i].points);
  }
  *list = (struct series_list){0};
}

void series_write(const struct series_list *list, double factor, double apart, FILE *script) {
  for (size_t i = 0; i < list->count; i++) {
    double shift = apart * ((double)i - (double)(list->count - 1) / 2);
    fprintf(script, "$line%zu << EOD\n", i);
    for (size_t k = 0; k < list->series[i].count; k++) {
      const struct samples *samples = &list->series[i].points[k].result->parallel;
      struct stats stats = stats_of(samples->seconds, samples->count);
      fprintf(script, "%.9g ", list->series[i].points[k].x + shift);
      script_whiskers(&stats, factor, script);
      fputc('\n', script);
    }
    fputs("EOD\n", script);
  }
}

/* A marker that is hollow shows an interval narrower than itself; the interval has no caps, which
   would stick out of it. */
void series_plot(const struct series_list *list, size_t index, const struct canvas *canvas,
                 bool joined, FILE *script) {
  const char *colour = script_colour(index);
  size_t shape = 4 + 2 * ((index + 1) % SERIES_MOST); /* circle, triangles, diamond ... */
  if (canvas->kind == CANVAS_TERMINAL) {
    fprintf(script, "$line%zu using 1:2 with points pointtype %zu title ", index, index + 1);
    script_quote(list->series[index].name, script);
    return;
  }
  if (joined) {
    fprintf(script, "$line%zu using 1:2 with lines linewidth 0.8 linecolor '%s' notitle, ", index,
            colour);
  }
  double marker = canvas->kind == CANVAS_PNG ? 0.95 : 0.7; /* of its own units */
  fprintf(script,
          "$line%zu using 1:2 with points pointtype %zu pointsize %g linecolor '#ffffff' notitle, "
          "'' using 1:3:(0):($4-$3) with vectors nohead linewidth 1.3 linecolor '%s' notitle, "
          "'' using 1:2 with points pointtype %zu pointsize %g linewidth 1.3 linecolor '%s' "
          "title ",
          index, shape + 1, marker, colour, shape, marker, colour);
  script_quote(list->series[index].name, script);
}

struct series_range series_seconds(const struct series_list *list) {
  struct series_range range = {DBL_MAX, 0};
  for (size_t i = 0; i < list->count; i++) {
    for (size_t k = 0; k < list->series[i].count; k++) {
      const struct samples *samples = &list->series[i].points[k].result->parallel;
      struct stats stats = stats_of(samples->seconds, samples->count);
      range.least = fmin(range.least, stats.has_interval ? stats.ci95_low : stats.min);
      range.most = fmax(range.most, stats.has_interval ? stats.ci95_high : stats.max);
    }
  }
  return range;
}
