/* box: every sample, with the quartiles and Tukey's whiskers of each case. */
#include <float.h>
#include <math.h>

#include "charts/script.h"

static const char *box_obstacle(const struct case_set *set) {
  (void)set;
  return NULL;
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

static bool equal_ranks(const struct case_set *set) {
  for (size_t i = 1; i < set->count; i++) {
    if (set->cases[i]->ranks != set->cases[0]->ranks) {
      return false;
    }
  }
  return true;
}

/* Each case's times in proportion, where they lie far apart. */
static void draw_time_axis(struct range_seconds range, double factor, FILE *script) {
  if (range.most > 10 * range.least) {
    fprintf(script, "set logscale y\nset yrange [%.6g:%.6g]\n", factor * range.least / 1.3,
            factor * range.most * 2);
    script_add_log_tics(range.most / range.least, script);
  } else {
    fprintf(script, "set yrange [0:%.6g]\n", factor * range.most * 1.25);
  }
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
  char title[64] = "Samples of each case";
  bool same = equal_ranks(set);
  bool serial = any_serial(set);
  if (same) {
    snprintf(title, sizeof title, "Samples of each case on %d rank%s", set->cases[0]->ranks,
             set->cases[0]->ranks == 1 ? "" : "s");
  }
  script_begin(document, canvas, title, script);
  script_case_names(set, !same, script);
  write_boxes(set, false, factor, script);
  write_samples(set, false, factor, script);
  write_boxes(set, true, factor, script);
  write_samples(set, true, factor, script);
  fprintf(script, "set ylabel 'time (%s)'\nset boxwidth 0.3\nset xrange [-0.6:%zu.6]\n", unit,
          set->count - 1);
  draw_time_axis(range, factor, script);
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
