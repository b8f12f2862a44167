/* scale: time over ranks, with the ideal and the fitted law. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "charts/series.h"
#include "statistics/fits.h"

enum { POINTS_MOST = 256, CURVE_POINTS = 60 };

/* How many times the job was done: with weak scaling it grows with the ranks. */
static double times_enlarged(const struct result_case *result) {
  const json_t *enlarged = json_object_get(result->record, "enlarged");
  return json_is_integer(enlarged) ? json_number_value(enlarged) : 1;
}

static bool is_weak(const struct series *series) {
  for (size_t i = 0; i < series->count; i++) {
    if (times_enlarged(series->points[i].result) > 1) {
      return true;
    }
  }
  return false;
}

static double ranks_of(const void *data, const struct result_case *result) {
  (void)data;
  return result->ranks;
}

/* A single rank has its own schedule, since there is nothing to hand out. */
static bool same_options(const struct result_case *a, const struct result_case *b) {
  json_t *one = json_copy(json_object_get(a->record, "options"));
  json_t *two = json_copy(json_object_get(b->record, "options"));
  if (a->ranks == 1 || b->ranks == 1) {
    json_object_del(one, "schedule");
    json_object_del(two, "schedule");
  }
  bool same = json_equal(one, two);
  json_decref(one);
  json_decref(two);
  return same;
}

/* With weak scaling the parameters tell the larger job, and are not the same. */
static bool same_job(const void *data, const struct result_case *a, const struct result_case *b) {
  (void)data;
  return strcmp(a->workload, b->workload) == 0 && same_options(a, b) &&
         (times_enlarged(a) > 1 || times_enlarged(b) > 1 ||
          json_equal(json_object_get(a->record, "params"), json_object_get(b->record, "params")));
}

/* What tells the line apart, for which neither a single rank's schedule counts nor the parameters
   of a job that grows. */
static void name_of(const void *data, const struct result_case *result, char *name, size_t size) {
  const struct case_set *set = data;
  struct case_set parallel = {.cases = calloc(set->count, sizeof(const struct result_case *))};
  for (size_t i = 0; parallel.cases != NULL && i < set->count; i++) {
    if (set->cases[i]->ranks > 1 && times_enlarged(set->cases[i]) == 1) {
      parallel.cases[parallel.count++] = set->cases[i];
    }
  }
  case_label(&parallel, result, name, size);
  case_set_free(&parallel);
}

static bool make_lines(const struct case_set *set, struct series_list *list) {
  struct series_rules rules = {set, ranks_of, same_job, name_of};
  return series_make(set, &rules, list);
}

static const char *scale_obstacle(const struct case_set *set) {
  struct series_list list;
  if (!make_lines(set, &list)) {
    return "there are more than six different jobs";
  }
  const char *obstacle = NULL;
  for (size_t i = 0; i < list.count; i++) {
    const struct series *series = &list.series[i];
    if (series->points[0].x == series->points[series->count - 1].x) {
      obstacle = "each job must be there on several numbers of ranks";
    } else if (series->count > POINTS_MOST) {
      obstacle = "there are too many cases";
    }
  }
  series_free(&list);
  return obstacle;
}

static double median_of(const struct samples *samples) {
  return stats_of(samples->seconds, samples->count).median;
}

/* Seconds on one rank; where that was not measured, the serial baseline of the fewest. 0: not
   known. */
static double start_seconds(const struct series *series) {
  const struct result_case *first = series->points[0].result;
  if (first->ranks == 1) {
    return median_of(&first->parallel);
  }
  return first->serial.count > 0 && !is_weak(series) ? median_of(&first->serial) : 0;
}

/* How many of this case's ranks have a core. */
static double cores_used(const struct document *document, double ranks) {
  double cores = json_number_value(json_object_get(document->environment, "cores"));
  return cores > 0 && cores < ranks ? cores : ranks;
}

/* The time that perfect scaling would take: equal work each on the cores there are. */
static double ideal_seconds(const struct document *document, const struct series *series,
                            double ranks) {
  double start = start_seconds(series);
  double share = cores_used(document, ranks);
  return is_weak(series) ? start * ranks / share : start / share;
}

static void write_ideal(const struct document *document, const struct series *series, size_t index,
                        double factor, FILE *script) {
  fprintf(script, "$ideal%zu << EOD\n", index);
  double first = series->points[0].x;
  double last = series->points[series->count - 1].x;
  for (int i = 0; i <= CURVE_POINTS; i++) {
    double ranks = first * pow(last / first, (double)i / CURVE_POINTS);
    fprintf(script, "%.6g %.6g\n", ranks, factor * ideal_seconds(document, series, ranks));
  }
  fputs("EOD\n", script);
}

/* The law for as many ranks as have cores: beyond, the laws say nothing. */
static struct fit fit_of(const struct document *document, const struct series *series,
                         enum fit_law law) {
  double ranks[POINTS_MOST];
  double speedup[POINTS_MOST];
  size_t count = 0;
  double start = start_seconds(series);
  for (size_t i = 0; i < series->count; i++) {
    double at = series->points[i].x;
    if (cores_used(document, at) == at && start > 0) {
      double work = times_enlarged(series->points[i].result);
      ranks[count] = at;
      speedup[count++] = work * start / median_of(&series->points[i].result->parallel);
    }
  }
  struct fit fit = fit_scaling(law, ranks, speedup, count);
  fit.points = count;
  return fit;
}

static enum fit_law law_of(const struct series *series) {
  return is_weak(series) ? FIT_GUSTAFSON : FIT_AMDAHL;
}

static void write_fit(const struct document *document, const struct series *series,
                      const struct fit *fit, size_t index, double factor, FILE *script) {
  double last = cores_used(document, series->points[series->count - 1].x);
  double start = start_seconds(series);
  fprintf(script, "$fit%zu << EOD\n", index);
  for (int i = 0; i <= CURVE_POINTS; i++) {
    double ranks = pow(last, (double)i / CURVE_POINTS);
    double work = fit->law == FIT_GUSTAFSON ? ranks : 1;
    fprintf(script, "%.6g %.6g\n", ranks, factor * work * start / fit_speedup(fit, ranks));
  }
  fputs("EOD\n", script);
}

static void plot_points(const struct series *series, size_t index, const struct canvas *canvas,
                        FILE *script) {
  if (canvas->kind == CANVAS_TERMINAL) {
    fprintf(script, "$line%zu using 1:2 with linespoints pointtype %zu title ", index, index + 1);
  } else {
    fprintf(script,
            "$line%zu using 1:2:3:4 with yerrorbars linewidth 1.5 pointtype 7 pointsize 0.8 "
            "linecolor '%s' title ",
            index, script_colour(index));
  }
  script_quote(series->name, script);
}

static void plot_fit(const struct fit *fit, size_t index, const struct canvas *canvas,
                     FILE *script) {
  char title[128];
  if (canvas->kind == CANVAS_TERMINAL) {
    return; /* letters cannot draw one curve over another */
  }
  snprintf(title, sizeof title, "%s: %s = %.2g [%.2g, %.2g]", fit_name(fit->law),
           fit_parameter_name(fit->law, 0), fit->value[0], fit->low[0], fit->high[0]);
  fprintf(script, ", $fit%zu using 1:2 with lines linewidth 1.5 linecolor '%s' title ", index,
          script_colour(index));
  script_quote(title, script);
}

/* The ideal lies under the measured points. */
static void plot_ideal(size_t index, const struct canvas *canvas, FILE *script) {
  if (canvas->kind == CANVAS_TERMINAL) {
    fprintf(script, "$ideal%zu using 1:2 with lines title '%s', ", index,
            index == 0 ? "ideal" : "");
  } else {
    fprintf(script,
            "$ideal%zu using 1:2 with lines dashtype 2 linewidth 1.2 linecolor '#888888' %s, ",
            index, index == 0 ? "title 'ideal (ranks or cores)'" : "notitle");
  }
}

static void plot_line(const struct document *document, const struct series *series, size_t index,
                      const struct canvas *canvas, FILE *script) {
  if (start_seconds(series) > 0) {
    plot_ideal(index, canvas, script);
  }
  plot_points(series, index, canvas, script);
  struct fit fit = fit_of(document, series, law_of(series));
  if (fit.fitted) {
    plot_fit(&fit, index, canvas, script);
  }
}

/* Times fall with strong scaling, and both axes by factors make a straight line of the ideal; weak
   scaling should leave them as they are. */
static void draw_times(const struct document *document, const struct series_list *list,
                       double factor, FILE *script) {
  struct series_range range = series_seconds(list);
  double most = range.most;
  double least = range.least;
  double lines = (double)list->count;
  for (size_t i = 0; i < list->count; i++) {
    const struct series *series = &list->series[i];
    double last = series->points[series->count - 1].x;
    double ideal = ideal_seconds(document, series, last);
    least = ideal > 0 ? fmin(least, ideal) : least;
    most = fmax(most, ideal);
  }
  if (is_weak(&list->series[0])) {
    fprintf(script, "set yrange [0:%.6g]\nset key bottom right\n", 1.1 * factor * most);
    return;
  }
  /* Above, room for the names of the lines: each two of about thirty rows. */
  fprintf(script, "set logscale y\nset yrange [%.6g:%.6g]\n", factor * least / 1.2,
          factor * most * 1.2 * pow(most / least, lines > 1 ? 0.08 * lines : 0));
  script_add_log_tics(most / least, script);
}

/* Every number of ranks that was measured, at steps by factors of two. */
static void draw_ranks(const struct series_list *list, FILE *script) {
  fputs("set logscale x 2\nset autoscale xfix\nset offsets graph 0.04, graph 0.04, 0, 0\n"
        "set xlabel 'ranks'\nset xtics (",
        script);
  for (size_t i = 0; i < list->count; i++) {
    for (size_t k = 0; k < list->series[i].count; k++) {
      double x = list->series[i].points[k].x;
      fprintf(script, "%s'%g' %g", i + k == 0 ? "" : ", ", x, x);
    }
  }
  fputs(")\n", script);
}

static void remark_fit(const struct document *document, const struct series_list *list,
                       const struct canvas *canvas, FILE *script) {
  struct fit fit = fit_of(document, &list->series[0], law_of(&list->series[0]));
  char text[320];
  if (fit.fitted || list->count > 1) {
    snprintf(text, sizeof text, "%s", SCRIPT_WHISKERS);
  } else {
    snprintf(text, sizeof text, "no fit: on ranks with a core each there is %s", fit.reason);
  }
  script_remark(canvas, text, script);
}

static void scale_draw(const struct document *document, const struct case_set *set,
                       const struct canvas *canvas, FILE *script) {
  struct series_list list;
  char title[192];
  if (!make_lines(set, &list)) {
    return;
  }
  double factor = 1;
  const char *unit = script_time_unit(series_seconds(&list).most, &factor);
  snprintf(title, sizeof title, "%s: time on more ranks, %s scaling",
           list.count == 1 ? list.series[0].name : "Jobs",
           is_weak(&list.series[0]) ? "weak" : "strong");
  script_begin(document, canvas, title, script);
  series_write(&list, factor, 0, script);
  for (size_t i = 0; i < list.count; i++) {
    struct fit fit = fit_of(document, &list.series[i], law_of(&list.series[i]));
    write_ideal(document, &list.series[i], i, factor, script);
    if (fit.fitted) {
      write_fit(document, &list.series[i], &fit, i, factor, script);
    }
  }
  draw_ranks(&list, script);
  draw_times(document, &list, factor, script);
  fprintf(script, "set ylabel 'time (%s)'\n", unit);
  remark_fit(document, &list, canvas, script);
  for (size_t i = 0; i < list.count; i++) {
    fputs(i == 0 ? "plot " : ", ", script);
    plot_line(document, &list.series[i], i, canvas, script);
  }
  fputc('\n', script);
  series_free(&list);
}

const struct chart scale_chart = {.name = "scale", .obstacle = scale_obstacle, .draw = scale_draw};
