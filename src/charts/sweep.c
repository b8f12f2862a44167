/* sweep: time over the one or two settings in which the cases of a workload differ. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "charts/series.h"
#include "core/number.h"
#include "core/stats.h"

enum { VALUES_MOST = 64 };

/* What differs: x the setting along the axis, lines the other, or NULL. */
struct axes {
  const char *x, *lines;
  bool numbers;                      /* x is a number in all cases */
  const json_t *values[VALUES_MOST]; /* of x, where it is not, in the order they came */
  size_t count;
};

static bool number_of(const json_t *value, double *number) {
  if (json_is_string(value)) {
    return number_parse_real(json_string_value(value), number) == NUMBER_OK;
  }
  *number = json_number_value(value);
  return json_is_number(value);
}

/* How many values a setting has, and whether all are numbers. */
static size_t count_values(const struct case_set *set, const char *key, bool *numbers) {
  size_t count = 0;
  *numbers = true;
  for (size_t i = 0; i < set->count; i++) {
    double number = 0;
    const json_t *value = case_setting(set->cases[i], key);
    bool seen = false;
    *numbers = *numbers && number_of(value, &number);
    for (size_t k = 0; k < i; k++) {
      seen = seen || json_equal(case_setting(set->cases[k], key), value);
    }
    count += !seen;
  }
  return count;
}

static void list_values(const struct case_set *set, struct axes *axes) {
  for (size_t i = 0; i < set->count; i++) {
    const json_t *value = case_setting(set->cases[i], axes->x);
    bool seen = false;
    for (size_t k = 0; k < axes->count; k++) {
      seen = seen || json_equal(axes->values[k], value);
    }
    if (!seen && axes->count < VALUES_MOST) {
      axes->values[axes->count++] = value;
    }
  }
}

/* Along the axis goes a number rather than a word, and the setting with more values. */
static struct axes choose_axes(const struct case_set *set, const char *const *keys, size_t count) {
  bool numbers[2] = {false, false};
  size_t values[2] = {0, 0};
  for (size_t i = 0; i < count; i++) {
    values[i] = count_values(set, keys[i], &numbers[i]);
  }
  bool second = numbers[0] == numbers[1] ? values[1] > values[0] : numbers[1];
  size_t x = count == 2 && second ? 1 : 0;
  struct axes axes = {
      .x = keys[x], .lines = count == 2 ? keys[1 - x] : NULL, .numbers = numbers[x]};
  if (!axes.numbers) {
    list_values(set, &axes);
  }
  return axes;
}

static double axis_x(const void *data, const struct result_case *result) {
  const struct axes *axes = data;
  const json_t *value = case_setting(result, axes->x);
  double number = 0;
  if (axes->numbers) {
    number_of(value, &number);
    return number;
  }
  for (size_t i = 0; i < axes->count; i++) {
    if (json_equal(axes->values[i], value)) {
      return (double)i;
    }
  }
  return (double)axes->count;
}

static bool axis_same(const void *data, const struct result_case *a, const struct result_case *b) {
  const struct axes *axes = data;
  return axes->lines == NULL ||
         json_equal(case_setting(a, axes->lines), case_setting(b, axes->lines));
}

static void axis_name(const void *data, const struct result_case *result, char *name, size_t size) {
  const struct axes *axes = data;
  char value[64];
  if (axes->lines == NULL) {
    snprintf(name, size, "%s", result->workload);
  } else {
    snprintf(name, size, "%s %s", axes->lines,
             setting_text(case_setting(result, axes->lines), value, sizeof value));
  }
}

static const char *sweep_obstacle(const struct case_set *set) {
  const char *keys[SETTINGS_MOST];
  for (size_t i = 1; i < set->count; i++) {
    if (strcmp(set->cases[i]->workload, set->cases[0]->workload) != 0) {
      return "the cases must be of one workload";
    }
    if (set->cases[i]->ranks != set->cases[0]->ranks) {
      return "the cases must be on equally many ranks";
    }
  }
  size_t count = settings_differing(set, NULL, keys);
  if (count < 1 || count > 2) {
    return "the cases must differ in one or two parameters or options";
  }
  struct axes axes = choose_axes(set, keys, count);
  bool numbers = false;
  if (axes.lines != NULL && count_values(set, axes.lines, &numbers) > SERIES_MOST) {
    return "of two settings that differ one may have six values at most";
  }
  if (axes.count == VALUES_MOST) {
    return "too many words along the axis";
  }
  return NULL;
}

/* Numbers that grow by factors rather than by steps. */
static bool is_geometric(const struct series_list *list) {
  double least = DBL_MAX;
  double most = 0;
  for (size_t i = 0; i < list->count; i++) {
    const struct series *series = &list->series[i];
    least = series->points[0].x < least ? series->points[0].x : least;
    most = series->points[series->count - 1].x > most ? series->points[series->count - 1].x : most;
  }
  return least > 0 && most >= 20 * least;
}

/* The values themselves under a logarithmic axis, where they are few and stand apart. */
static void mark_values(const struct series_list *list, FILE *script) {
  double values[VALUES_MOST] = {0};
  size_t count = 0;
  for (size_t i = 0; i < list->count; i++) {
    for (size_t k = 0; k < list->series[i].count && count < VALUES_MOST; k++) {
      values[count++] = list->series[i].points[k].x;
    }
  }
  stats_sort(values, count);
  double apart = pow(values[count - 1] / values[0], 1.0 / 14);
  size_t different = 1;
  for (size_t i = 1; i < count; i++) {
    if (values[i] > values[different - 1]) {
      if (values[i] < apart * values[different - 1]) {
        return;
      }
      values[different++] = values[i];
    }
  }
  fputs("set xtics (", script);
  for (size_t i = 0; i < different; i++) {
    fprintf(script, "%s'%.6g' %.17g", i == 0 ? "" : ", ", values[i], values[i]);
  }
  fputs(")\n", script);
}

static void draw_axis(const struct axes *axes, const struct series_list *list, FILE *script) {
  if (!axes->numbers) {
    const char *names[VALUES_MOST];
    char texts[VALUES_MOST][64];
    for (size_t i = 0; i < axes->count; i++) {
      names[i] = setting_text(axes->values[i], texts[i], sizeof texts[i]);
    }
    script_names(names, axes->count, script);
    fprintf(script, "set xrange [-0.5:%zu.5]\n", axes->count - 1);
  } else {
    fputs("set autoscale xfix\nset offsets graph 0.04, graph 0.04, 0, 0\n", script);
    if (is_geometric(list)) {
      fputs("set logscale x\nset format x '%.4g'\n", script);
      mark_values(list, script);
    }
  }
  fputs("set xlabel noenhanced ", script);
  script_quote(axes->x, script);
  fputc('\n', script);
}

static void plot_lines(const struct series_list *list, const struct canvas *canvas, bool joined,
                       FILE *script) {
  for (size_t i = 0; i < list->count; i++) {
    fprintf(script, "%s$line%zu using 1:2", i == 0 ? "plot " : ", ", i);
    if (canvas->kind == CANVAS_TERMINAL) {
      fprintf(script, " with %s pointtype %zu title ", joined ? "linespoints" : "points", i + 1);
    } else {
      fprintf(script,
              ":3:4 with yerror%s linewidth 1.5 pointtype %zu pointsize 0.7 linecolor "
              "'%s' title ",
              joined ? "lines" : "bars", i % 2 == 0 ? 7 + i : 4 + i, script_colour(i));
    }
    script_quote(list->series[i].name, script);
  }
  fputc('\n', script);
}

static void sweep_draw(const struct document *document, const struct case_set *set,
                       const struct canvas *canvas, FILE *script) {
  const char *keys[SETTINGS_MOST];
  struct series_list list;
  char title[256];
  size_t count = settings_differing(set, NULL, keys);
  struct axes axes = choose_axes(set, keys, count);
  struct series_rules rules = {&axes, axis_x, axis_same, axis_name};
  if (!series_make(set, &rules, &list)) {
    return;
  }
  double factor = 1;
  double most = series_seconds(&list).most;
  const char *unit = script_time_unit(most, &factor);
  int ranks = set->cases[0]->ranks;
  snprintf(title, sizeof title, "%s on %d rank%s", set->cases[0]->workload, ranks,
           ranks == 1 ? "" : "s");
  script_begin(document, canvas, title, script);
  series_write(&list, factor, axes.numbers ? 0 : 0.12, script);
  draw_axis(&axes, &list, script);
  /* Room for the names of the lines above them. */
  fprintf(script, "set ylabel 'time (%s)'\nset yrange [0:%.6g]\n", unit,
          factor * most * (1.15 + 0.07 * (double)list.count));
  if (axes.lines == NULL) {
    fputs("set key off\n", script);
  }
  script_remark(canvas, SCRIPT_WHISKERS, script);
  plot_lines(&list, canvas, axes.numbers, script);
  series_free(&list);
}

const struct chart sweep_chart = {.name = "sweep", .obstacle = sweep_obstacle, .draw = sweep_draw};
