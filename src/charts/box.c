/* box: every sample, with the quartiles and Tukey's whiskers of each case. */
#include <float.h>
#include <math.h>

#include "charts/axes.h"

static const char *box_obstacle(const struct case_set *set) {
  return set->count > NAMES_MOST ? "more than 30 cases cannot be read" : NULL;
}

static const struct samples *samples_of(const struct result_case *result, bool serial) {
  return serial ? &result->serial : &result->parallel;
}

struct range_seconds {
  double least, most;
};

static struct range_seconds range_of(const struct case_set *set) {
  struct range_seconds range = {DBL_MAX, 0};
  for (size_t i = 0; i < set->count; i++) {
    for (int serial = 0; serial < 2; serial++) {
      const struct samples *samples = samples_of(set->cases[i], serial);
      for (size_t s = 0; s < samples->count; s++) {
        range.least = fmin(range.least, samples->seconds[s]);
        range.most = fmax(range.most, samples->seconds[s]);
      }
    }
  }
  return range;
}

/* Where a case's box stands: beside the other of the two, if there are two. */
static double place(size_t index, const struct result_case *result, bool serial) {
  return (double)index + (result->serial.count == 0 ? 0 : serial ? -0.2 : 0.2);
}

/* x, whisker, quartile, median, quartile, whisker: the whiskers end at the last samples within the
   fences. */
static void write_boxes(const struct case_set *set, bool serial, double factor, FILE *script) {
  fprintf(script, "$box%d << EOD\n", serial);
  for (size_t i = 0; i < set->count; i++) {
    const struct samples *samples = samples_of(set->cases[i], serial);
    if (samples->count == 0) {
      continue;
    }
    struct stats stats = stats_of(samples->seconds, samples->count);
    double low = stats.median;
    double high = low;
    for (size_t s = 0; s < samples->count; s++) {
      double seconds = samples->seconds[s];
      low = seconds >= stats.fence_low && seconds < low ? seconds : low;
      high = seconds <= stats.fence_high && seconds > high ? seconds : high;
    }
    fprintf(script, "%g %.9g %.9g %.9g %.9g %.9g\n", place(i, set->cases[i], serial), factor * low,
            factor * stats.quartile1, factor * stats.median, factor * stats.quartile3,
            factor * high);
  }
  fputs("EOD\n", script);
}

/* The samples in the order they were taken, from the box's left to its right. */
static void write_samples(const struct case_set *set, bool serial, double factor, FILE *script) {
  fprintf(script, "$samples%d << EOD\n", serial);
  for (size_t i = 0; i < set->count; i++) {
    const struct samples *samples = samples_of(set->cases[i], serial);
    for (size_t s = 0; s < samples->count; s++) {
      double shift = 0.24 * (((double)s + 0.5) / (double)samples->count - 0.5);
      fprintf(script, "%g %.9g\n", place(i, set->cases[i], serial) + shift,
              factor * samples->seconds[s]);
    }
  }
  fputs("EOD\n", script);
}

static bool any_serial(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    if (set->cases[i]->serial.count > 0) {
      return true;
    }
  }
  return false;
}

static void plot_boxes(bool serial, const struct canvas *canvas, FILE *script) {
  const char *title = serial ? "serial baseline" : "parallel";
  if (canvas->kind == CANVAS_TERMINAL) {
    fprintf(script, "$samples%d using 1:2 with points pointtype '%s' title '%s'", serial,
            serial ? "o" : "x", title);
    return;
  }
  const char *colour = script_colour(serial ? 4 : 0);
  fprintf(script,
          "$box%d using 1:3:2:6:5 with candlesticks whiskerbars 0.5 linewidth 1.2 linecolor '%s' "
          "fillstyle transparent solid 0.25 border linecolor '%s' title '%s', "
          "'' using 1:4:4:4:4 with candlesticks linewidth 2.5 linecolor '%s' notitle, "
          "$samples%d using 1:2 with points pointtype 7 pointsize 0.35 linecolor '#333333' "
          "notitle",
          serial, colour, colour, title, colour, serial);
}

static void box_draw(const struct document *document, const struct case_set *set,
                     const struct canvas *canvas, FILE *script) {
  double factor = 1;
  struct range_seconds range = range_of(set);
  const char *unit = script_time_unit(range.most, &factor);
  char title[192];
  const char *workload = settings_one_workload(set) ? set->cases[0]->workload : "";
  bool serial = any_serial(set);
  size_t used = (size_t)snprintf(title, 128, "%s%samples of each case", workload,
                                 workload[0] == '\0' ? "S" : ": s");
  used = used < 128 ? used : 127;
  if (settings_equal_ranks(set)) {
    snprintf(title + used, sizeof title - used, " on %d rank%s", set->cases[0]->ranks,
             set->cases[0]->ranks == 1 ? "" : "s");
  }
  script_begin(document, canvas, title, script);
  script_job(set, "", canvas, script);
  if (serial) {
    script_key(canvas, 2, script);
  }
  axis_cases(set, canvas, script);
  write_boxes(set, false, factor, script);
  write_samples(set, false, factor, script);
  write_boxes(set, true, factor, script);
  write_samples(set, true, factor, script);
  fprintf(script, "set ylabel 'time (%s)'\nset boxwidth 0.3\n%s", unit,
          serial ? "" : "set key off\n");
  axis_times(range.least, range.most, factor, script);
  script_remark(canvas,
                "box: quartiles and median; whiskers: to the last sample within Tukey's fences; "
                "dots: samples, as they were taken",
                script);
  fputs("plot ", script);
  if (serial) {
    plot_boxes(true, canvas, script);
    fputs(", ", script);
  }
  plot_boxes(false, canvas, script);
  fputc('\n', script);
}

const struct chart box_chart = {.name = "box", .obstacle = box_obstacle, .draw = box_draw};
