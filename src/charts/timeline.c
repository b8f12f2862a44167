/* timeline: the cores in use over the time of a run (--timeline), and which rank had one when; of
   several cases the cores in use only. */
#include <math.h>

#include "charts/panels.h"
#include "core/range.h"

enum { LINES_MOST = SCRIPT_COLOURS, ROWS_MOST = 64 };

static const json_t *timeline_of(const struct result_case *result) {
  return json_object_get(json_object_get(result->record, "run"), "timeline");
}

/* Percents of the time for which each rank had a core, a list for each. */
static const json_t *ranks_of(const struct result_case *result) {
  return json_object_get(timeline_of(result), "core_percent");
}

static double seconds_of(const struct result_case *result, const char *key) {
  return json_number_value(json_object_get(timeline_of(result), key));
}

static double threads_of(const struct result_case *result) {
  return json_number_value(case_setting(result, "threads"));
}

static const char *timeline_obstacle(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    if (json_array_size(ranks_of(set->cases[i])) == 0 ||
        seconds_of(set->cases[i], "stretch_seconds") <= 0) {
      return "every case must have been run with --timeline";
    }
  }
  return set->count > LINES_MOST ? "six cases at most have room" : NULL;
}

static double longest_of(const struct case_set *set) {
  double longest = 0;
  for (size_t i = 0; i < set->count; i++) {
    longest = fmax(longest, seconds_of(set->cases[i], "seconds"));
  }
  return longest;
}

/* Percents of a stretch, added up over ranks. */
static double sum_of(const json_t *ranks, struct range range, size_t stretch) {
  double sum = 0;
  for (uint64_t rank = range.lo; rank < range.hi; rank++) {
    sum += json_number_value(json_array_get(json_array_get(ranks, rank), stretch));
  }
  return sum;
}

/* The beginning of each stretch, and the cores in use during it. Returns the largest number. */
static double write_cores(const struct result_case *result, size_t index, double factor,
                          FILE *script) {
  const json_t *ranks = ranks_of(result);
  struct range all = {0, json_array_size(ranks)};
  size_t count = json_array_size(json_array_get(ranks, 0));
  double stretch = seconds_of(result, "stretch_seconds");
  double cores = 0;
  double most = 0;
  fprintf(script, "$cores%zu << EOD\n", index);
  for (size_t i = 0; i < count; i++) {
    cores = threads_of(result) * sum_of(ranks, all, i) / 100;
    most = fmax(most, cores);
    fprintf(script, "%.6g %.4g\n", factor * (double)i * stretch, cores);
  }
  fprintf(script, "%.6g %.4g\n%.6g 0\nEOD\n", factor * seconds_of(result, "seconds"), cores,
          factor * seconds_of(result, "seconds"));
  return most;
}

/* Time, row, percent: a row a rank, or for as many as there is no room to tell apart. Returns how
   many ranks a row is for, and the highest percentage. */
static uint64_t write_rows(const struct result_case *result, double factor, double *most,
                           FILE *script) {
  const json_t *ranks = ranks_of(result);
  uint64_t count = json_array_size(ranks);
  uint64_t each = (count + ROWS_MOST - 1) / ROWS_MOST;
  double stretch = seconds_of(result, "stretch_seconds");
  fputs("$rows << EOD\n", script);
  for (uint64_t lo = 0; lo < count; lo += each) {
    struct range range = {lo, lo + each < count ? lo + each : count};
    for (size_t i = 0; i < json_array_size(json_array_get(ranks, 0)); i++) {
      double percent = sum_of(ranks, range, i) / (double)range_length(range);
      *most = fmax(*most, percent);
      fprintf(script, "%.6g %.6g %.4g\n", factor * ((double)i + 0.5) * stretch,
              (double)lo + 0.5 * (double)each - 0.5, percent);
    }
  }
  fputs("EOD\n", script);
  return each;
}

static double ideal_of(const struct document *document, const struct result_case *result) {
  double cores = json_number_value(json_object_get(document->environment, "cores"));
  return fmin(cores, result->ranks * threads_of(result));
}

static void draw_time_axis(const struct case_set *set, const char *unit, double factor,
                           FILE *script) {
  fprintf(script, "set xlabel 'time (%s)'\nset xrange [0:%.6g]\n", unit, factor * longest_of(set));
}

/* What a sweep varied, or the ranks, or what else tells the case from the others. */
static const char *name_of(const struct case_set *set, const struct result_case *result, char *name,
                           size_t size) {
  const char *label = json_string_value(json_object_get(result->record, "label"));
  if (label != NULL) {
    snprintf(name, size, "%s", label);
  } else if (set->cases[0]->ranks != set->cases[set->count - 1]->ranks) {
    snprintf(name, size, "%s, %d rank%s", result->workload, result->ranks,
             result->ranks == 1 ? "" : "s");
  } else {
    case_label(set, result, name, size);
  }
  return name;
}

/* The ideal, a line, over the cores in use. */
static void plot_cores(size_t index, double ideal, bool named, const struct canvas *canvas,
                       FILE *script) {
  bool terminal = canvas->kind == CANVAS_TERMINAL;
  fprintf(script, "plot $cores%zu using 1:2 with %s notitle, ", index,
          terminal ? "steps" : "fillsteps linecolor '#56B4E9'");
  fprintf(script, "%.6g with lines %s %s\n", ideal,
          terminal ? "" : "dashtype 2 linewidth 1.2 linecolor '#222222'",
          named ? "title 'ideal (ranks or cores)'" : "notitle");
}

/* The cores above, the ranks below, on one time axis. */
static void draw_rows(const struct case_set *set, const struct canvas *canvas, double factor,
                      double ideal, const char *unit, FILE *script) {
  const struct result_case *result = set->cases[0];
  double most = 0;
  uint64_t each = write_rows(result, factor, &most, script);
  /* A whole core, unless there are too few for the ranks. */
  most = ideal < result->ranks * threads_of(result) ? fmax(most, 1) : 100;
  fputs("set multiplot\nset lmargin at screen 0.1\nset rmargin at screen 0.83\n"
        "set tmargin at screen 0.83\nset bmargin at screen 0.6\n"
        "set format x ''\nset xlabel ''\n",
        script);
  plot_cores(0, ideal, true, canvas, script);
  fprintf(script,
          "unset label\nunset grid\nset format x\n"
          "set tmargin at screen 0.56\nset bmargin at screen 0.22\n"
          "set yrange [%.6g:-0.5]\nset ylabel 'rank'\nset ytics auto\n%s"
          "set palette defined (0 '#f4f4f4', 1 '#8db8d8', 2 '%s')\n"
          "set cbrange [0:%.4g]\nset cblabel '%% of a core' offset 1\n",
          result->ranks - 0.5, result->ranks <= 16 ? "set ytics 1\n" : "", script_colour(0), most);
  if (each > 1) {
    fprintf(script, "set ylabel 'rank (%.0f a row)'\n", (double)each);
  }
  draw_time_axis(set, unit, factor, script);
  fputs("plot $rows using 1:2:3 with image pixels notitle\nunset multiplot\n", script);
}

/* Runs one above the other, on one time axis. */
static void draw_runs(const struct document *document, const struct case_set *set,
                      const struct panels *panels, double most, FILE *script) {
  char name[128];
  bool terminal = panels->canvas->kind == CANVAS_TERMINAL;
  for (size_t i = 0; i < set->count; i++) {
    name_of(set, set->cases[i], name, sizeof name);
    panels_begin(panels, i, terminal ? name : "", script);
    if (!terminal) {
      fprintf(script, "set label 9 at graph 0.995, graph 0.88 right noenhanced font ',%d' ",
              script_small_font(panels->canvas) + 1);
      script_quote(name, script);
      fprintf(script, "\nset format x %s\n%s", i + 1 < set->count ? "''" : "",
              most > 6 ? "" : "set ytics 1\n");
      fputs(i + 1 < set->count ? "set xlabel ''\n" : "set xlabel time_label\n", script);
      fputs(i == set->count / 2 ? "set ylabel 'cores in use'\n" : "set ylabel ''\n", script);
    }
    plot_cores(i, ideal_of(document, set->cases[i]), true, panels->canvas, script);
  }
  panels_end(panels, script);
}

static void timeline_draw(const struct document *document, const struct case_set *set,
                          const struct canvas *given, FILE *script) {
  char title[192];
  double factor = 1;
  double most = 0;
  struct canvas own = *given;
  const struct canvas *canvas = &own;
  const struct result_case *first = set->cases[0];
  const char *unit = script_time_unit(longest_of(set), &factor);
  bool terminal = canvas->kind == CANVAS_TERMINAL;
  own.tall = set->count > 3;
  if (set->count == 1) {
    snprintf(title, sizeof title, "%s on %d rank%s: use of the cores", first->workload,
             first->ranks, first->ranks == 1 ? "" : "s");
  } else {
    snprintf(title, sizeof title, "%s: use of the cores",
             settings_one_workload(set) ? first->workload : "Jobs");
  }
  script_begin(document, canvas, title, script);
  script_job(set, "", canvas, script);
  if (!terminal) {
    script_key(canvas, 1, script);
  }
  for (size_t i = 0; i < set->count; i++) {
    most = fmax(most, write_cores(set->cases[i], i, factor, script));
    most = fmax(most, ideal_of(document, set->cases[i]));
  }
  /* In a terminal, room for the names above. */
  fprintf(script, "set ylabel 'cores in use'\nset yrange [0:%.6g]\n",
          (terminal         ? 1.35
           : set->count > 1 ? 1.3
                            : 1.1) *
              most);
  draw_time_axis(set, unit, factor, script);
  fprintf(script, "time_label = 'time (%s)'\n", unit);
  script_remark(canvas,
                "processor time that ranks had for their work, in equal stretches of the run",
                script);
  if (set->count > 1) {
    struct panels panels = panels_below_one_another(canvas, set->count, title);
    draw_runs(document, set, &panels, most, script);
  } else if (first->ranks > 1 && !terminal) {
    draw_rows(set, canvas, factor, ideal_of(document, first), unit, script);
  } else {
    plot_cores(0, ideal_of(document, first), true, canvas, script);
  }
}

const struct chart timeline_chart = {
    .name = "timeline", .obstacle = timeline_obstacle, .draw = timeline_draw};
