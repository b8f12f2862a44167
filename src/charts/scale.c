/* scale: time over ranks, with the ideal and the fitted law. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "charts/axes.h"
#include "charts/laws.h"

enum { CURVE_POINTS = 60 };

static double ranks_of(const void *data, const struct result_case *result) {
  (void)data;
  return result->ranks;
}

/* A single worker has its own schedule, since there is nothing to hand out. */
static bool same_options(const struct result_case *a, const struct result_case *b) {
  json_t *one = json_copy(json_object_get(a->record, "options"));
  json_t *two = json_copy(json_object_get(b->record, "options"));
  if (case_workers(a) == 1 || case_workers(b) == 1) {
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
         (enlarged_times(a) > 1 || enlarged_times(b) > 1 ||
          json_equal(json_object_get(a->record, "params"), json_object_get(b->record, "params")));
}

/* What tells the line apart, for which neither a single rank's schedule counts nor the parameters
   of a job that grows. */
static void name_of(const void *data, const struct result_case *result, char *name, size_t size) {
  const struct case_set *set = data;
  struct case_set parallel = {.cases = calloc(set->count, sizeof(const struct result_case *))};
  for (size_t i = 0; parallel.cases != NULL && i < set->count; i++) {
    if (set->cases[i]->ranks > 1 && enlarged_times(set->cases[i]) == 1) {
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
    } else if (series->count > SERIES_POINTS_MOST) {
      obstacle = "there are too many cases";
    }
  }
  series_free(&list);
  return obstacle;
}

/* What is drawn. */
struct scaling {
  const struct document *document;
  const struct canvas *canvas;
  struct series_list list;
  struct yardstick yardsticks[SERIES_MOST];
  double factor; /* of the time unit, in a second */
};

static bool is_weak(const struct scaling *scaling) {
  return scaling->yardsticks[0].weak;
}

/* Both laws for a single job; for several the one that fits better. */
static bool is_drawn(const struct scaling *scaling, size_t line, size_t law) {
  const struct fit *fits = scaling->yardsticks[line].fits;
  if (!fits[law].fitted || scaling->yardsticks[line].start <= 0 ||
      yardstick_law_end(scaling->document, &scaling->list.series[line]) <= 0 ||
      scaling->canvas->kind == CANVAS_TERMINAL) { /* letters cannot draw one curve over another */
    return false;
  }
  return scaling->list.count == 1 || !fits[1 - law].fitted ||
         fits[law].misfit < fits[1 - law].misfit || (law == 0 && fits[0].misfit == fits[1].misfit);
}

/* One of CURVE_POINTS + 1 places from `first` to `last`, in equal proportions. */
static double step_between(double first, double last, int step) {
  return first * pow(last / first, (double)step / CURVE_POINTS);
}

static void write_law(const struct scaling *scaling, size_t line, size_t law, FILE *script) {
  const struct series *series = &scaling->list.series[line];
  const struct yardstick *yardstick = &scaling->yardsticks[line];
  double last = yardstick_law_end(scaling->document, series);
  fprintf(script, "$law%zu_%zu << EOD\n", line, law);
  for (int i = 0; i <= CURVE_POINTS; i++) {
    double ranks = step_between(series->points[0].x, last, i);
    fprintf(script, "%.6g %.6g\n", ranks,
            scaling->factor * yardstick_law(yardstick, &yardstick->fits[law], series, ranks));
  }
  fputs("EOD\n", script);
}

static double ideal_at(const struct scaling *scaling, size_t line, double ranks) {
  return yardstick_ideal(&scaling->yardsticks[line], scaling->document, &scaling->list.series[line],
                         ranks);
}

/* Whether an earlier line has the same ideal: then it is drawn already. */
static bool is_repeated(const struct scaling *scaling, size_t line) {
  const struct series *series = &scaling->list.series[line];
  for (size_t i = 0; i < line; i++) {
    bool same = scaling->list.series[i].count == series->count;
    for (size_t k = 0; same && k < series->count; k++) {
      double ranks = series->points[k].x;
      same = scaling->list.series[i].points[k].x == ranks &&
             fabs(ideal_at(scaling, i, ranks) / ideal_at(scaling, line, ranks) - 1) < 1e-6;
    }
    if (same) {
      return true;
    }
  }
  return false;
}

static bool has_own_ideal(const struct scaling *scaling, size_t line) {
  return scaling->yardsticks[line].start > 0 && !is_repeated(scaling, line);
}

/* The ideals lie under the measured points, in the colours of their lines if they differ. */
static void plot_ideals(const struct scaling *scaling, FILE *script) {
  size_t count = 0;
  bool serial = true;
  for (size_t i = 0; i < scaling->list.count; i++) {
    count += has_own_ideal(scaling, i);
    serial = serial && scaling->yardsticks[i].serial;
  }
  for (size_t i = 0; i < scaling->list.count; i++) {
    if (has_own_ideal(scaling, i)) {
      fprintf(script, "$ideal%zu using 1:2 with lines ", i);
      if (scaling->canvas->kind != CANVAS_TERMINAL) {
        fprintf(script, "dashtype 2 linewidth 1.2 linecolor '%s' ",
                count > 1 ? script_colour(i) : "#888888");
      }
      fputs("notitle, ", script);
    }
  }
  if (count > 0) {
    fprintf(script, "keyentry with lines %s title '%s', ",
            scaling->canvas->kind == CANVAS_TERMINAL
                ? "linetype 1"
                : "dashtype 2 linewidth 1.2 linecolor '#888888'",
            serial ? "ideal (ranks or cores)" : "ideal, from the run on one rank");
  }
}

static void plot_law(const struct scaling *scaling, size_t line, size_t law, FILE *script) {
  char title[192];
  fprintf(script,
          ", $law%zu_%zu using 1:2 with lines dashtype %d linewidth 1.2 linecolor '%s' title ",
          line, law, law == 0 ? 1 : 4, script_colour(scaling->list.count > 1 ? line : law + 1));
  script_quote(law_text(&scaling->yardsticks[line].fits[law], title, sizeof title), script);
}

/* Rows of the key: the ideal, the lines, their laws. */
static size_t count_names(const struct scaling *scaling) {
  size_t count = 1 + scaling->list.count;
  for (size_t i = 0; i < scaling->list.count; i++) {
    for (size_t law = 0; law < LAWS; law++) {
      count += is_drawn(scaling, i, law);
    }
  }
  return count;
}

/* Times fall with strong scaling, and both axes by factors make a straight line of the ideal; weak
   scaling should leave them as they are. */
static void draw_times(const struct scaling *scaling, FILE *script) {
  struct series_range range = series_seconds(&scaling->list);
  for (size_t i = 0; i < scaling->list.count; i++) {
    const struct series *series = &scaling->list.series[i];
    for (size_t k = 0; k < series->count && scaling->yardsticks[i].start > 0; k++) {
      double ideal = ideal_at(scaling, i, series->points[k].x);
      range.least = fmin(range.least, ideal);
      range.most = fmax(range.most, ideal);
    }
  }
  if (is_weak(scaling)) {
    axis_times(range.least, range.most, scaling->factor, script);
    return;
  }
  fprintf(script, "set logscale y\nset yrange [%.6g:%.6g]\n", scaling->factor * range.least / 1.2,
          scaling->factor * range.most * 1.2);
  script_add_log_tics(range.most / range.least, script);
}

static void draw_ranks(const struct scaling *scaling, FILE *script) {
  double values[TICKS_MOST];
  size_t count = 0;
  for (size_t i = 0; i < scaling->list.count; i++) {
    for (size_t k = 0; k < scaling->list.series[i].count && count < TICKS_MOST; k++) {
      values[count++] = scaling->list.series[i].points[k].x;
    }
  }
  fputs("set logscale x 2\nset autoscale xfix\nset offsets graph 0.04, graph 0.04, 0, 0\n"
        "set xlabel 'ranks'\n",
        script);
  axis_values(values, count, true, (struct axis_room){scaling->canvas, 1}, script);
}

static void remark_fit(const struct scaling *scaling, FILE *script) {
  const struct fit *fit = &scaling->yardsticks[0].fits[0];
  char text[320];
  if (fit->fitted || scaling->list.count > 1) {
    snprintf(text, sizeof text, "%s", SCRIPT_WHISKERS);
  } else {
    snprintf(text, sizeof text, "no fit: %s", fit->reason);
  }
  script_remark(scaling->canvas, text, script);
}

static void write_ideal(const struct scaling *scaling, size_t line, FILE *script) {
  const struct series *series = &scaling->list.series[line];
  double first = series->points[0].x;
  double last = series->points[series->count - 1].x;
  fprintf(script, "$ideal%zu << EOD\n", line);
  for (int i = 0; i <= CURVE_POINTS; i++) {
    double ranks = step_between(first, last, i);
    fprintf(script, "%.6g %.6g\n", ranks, scaling->factor * ideal_at(scaling, line, ranks));
  }
  fputs("EOD\n", script);
}

static void write_curves(const struct scaling *scaling, FILE *script) {
  for (size_t i = 0; i < scaling->list.count; i++) {
    if (has_own_ideal(scaling, i)) {
      write_ideal(scaling, i, script);
    }
    for (size_t law = 0; law < LAWS; law++) {
      if (is_drawn(scaling, i, law)) {
        write_law(scaling, i, law, script);
      }
    }
  }
}

static void plot_lines(const struct scaling *scaling, FILE *script) {
  fputs("plot ", script);
  plot_ideals(scaling, script);
  for (size_t i = 0; i < scaling->list.count; i++) {
    fputs(i == 0 ? "" : ", ", script);
    series_plot(&scaling->list, i, scaling->canvas, false, script);
    for (size_t law = 0; law < LAWS; law++) {
      if (is_drawn(scaling, i, law)) {
        plot_law(scaling, i, law, script);
      }
    }
  }
  fputc('\n', script);
}

/* With weak scaling the job is that of one rank, which grows with them. */
static void name_job(const struct scaling *scaling, const struct case_set *set, FILE *script) {
  struct case_set start = {.cases = calloc(set->count, sizeof(const struct result_case *))};
  for (size_t i = 0; start.cases != NULL && i < set->count; i++) {
    if (enlarged_times(set->cases[i]) == 1) {
      start.cases[start.count++] = set->cases[i];
    }
  }
  if (is_weak(scaling) && start.count > 0) {
    script_job(&start, "on 1 rank: ", scaling->canvas, script);
  } else {
    script_job(set, "", scaling->canvas, script);
  }
  case_set_free(&start);
}

static void scale_draw(const struct document *document, const struct case_set *set,
                       const struct canvas *canvas, FILE *script) {
  struct scaling scaling = {.document = document, .canvas = canvas, .factor = 1};
  char title[192];
  if (!make_lines(set, &scaling.list)) {
    return;
  }
  for (size_t i = 0; i < scaling.list.count; i++) {
    scaling.yardsticks[i] = yardstick_of(document, &scaling.list, i);
  }
  const char *unit = script_time_unit(series_seconds(&scaling.list).most, &scaling.factor);
  snprintf(title, sizeof title, "%s: time on more ranks, %s scaling",
           settings_one_workload(set) ? set->cases[0]->workload : "Jobs",
           is_weak(&scaling) ? "weak" : "strong");
  script_begin(document, canvas, title, script);
  name_job(&scaling, set, script);
  script_key(canvas, count_names(&scaling), script);
  series_write(&scaling.list, scaling.factor, 0, script);
  draw_ranks(&scaling, script);
  draw_times(&scaling, script);
  fprintf(script, "set ylabel 'time (%s)'\n", unit);
  remark_fit(&scaling, script);
  write_curves(&scaling, script);
  plot_lines(&scaling, script);
  series_free(&scaling.list);
}

const struct chart scale_chart = {.name = "scale", .obstacle = scale_obstacle, .draw = scale_draw};
