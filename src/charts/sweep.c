/* sweep: time over the one to three settings in which the cases of a workload differ. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "charts/axes.h"
#include "charts/panels.h"
#include "charts/sweep_axes.h"

static const char *sweep_obstacle(const struct case_set *set) {
  struct sweep_axes axes;
  return sweep_axes_choose(set, &axes);
}

/* Numbers that grow by factors rather than by steps. */
static bool is_geometric(const struct series_list *list) {
  double least = DBL_MAX;
  double most = 0;
  for (size_t i = 0; i < list->count; i++) {
    const struct series *series = &list->series[i];
    least = fmin(least, series->points[0].x);
    most = fmax(most, series->points[series->count - 1].x);
  }
  return least > 0 && most >= 20 * least;
}

static void draw_values(const struct series_list *list, struct axis_room room, FILE *script) {
  double values[TICKS_MOST];
  size_t count = 0;
  bool geometric = is_geometric(list);
  for (size_t i = 0; i < list->count; i++) {
    for (size_t k = 0; k < list->series[i].count && count < TICKS_MOST; k++) {
      values[count++] = list->series[i].points[k].x;
    }
  }
  fprintf(script, "set autoscale xfix\nset offsets graph 0.04, graph 0.04, 0, 0\n%s",
          geometric ? "set logscale x\n" : "");
  axis_values(values, count, geometric, room, script);
}

static void draw_words(const struct sweep_axes *axes, struct axis_room room, FILE *script) {
  const char *names[VALUES_MOST];
  char texts[VALUES_MOST][64];
  for (size_t i = 0; i < axes->values.count; i++) {
    names[i] = setting_text(axes->values.list[i], texts[i], sizeof texts[i]);
  }
  axis_names(names, axes->values.count, room, script);
}

/* Points over numbers are joined; words have nothing between them, and lines stand beside one
   another. */
static void draw_lines(const struct sweep_axes *axes, const struct series_list *list,
                       struct axis_room room, FILE *script) {
  double factor = 1;
  struct series_range range = series_seconds(list);
  const char *unit = script_time_unit(range.most, &factor);
  series_write(list, factor, axes->values.numbers ? 0 : 0.12, script);
  if (axes->values.numbers) {
    draw_values(list, room, script);
  } else {
    draw_words(axes, room, script);
  }
  fputs("set xlabel noenhanced ", script);
  script_quote(axes->x, script);
  fprintf(script, "\nset ylabel 'time (%s)'\n", unit);
  axis_times(range.least, range.most, factor, script);
  for (size_t i = 0; i < list->count; i++) {
    fputs(i == 0 ? "plot " : ", ", script);
    series_plot(list, i, room.canvas, axes->values.numbers, script);
  }
  fputc('\n', script);
}

/* The cases with one value of the setting that makes pictures. */
static struct case_set part_of(const struct case_set *set, const char *key, const json_t *value) {
  struct case_set part = {.cases = calloc(set->count, sizeof(const struct result_case *))};
  for (size_t i = 0; part.cases != NULL && i < set->count; i++) {
    if (json_equal(case_setting(set->cases[i], key), value)) {
      part.cases[part.count++] = set->cases[i];
    }
  }
  return part;
}

static void draw_panel(const struct sweep_axes *axes, const struct case_set *set, size_t index,
                       const struct panels *panels, FILE *script) {
  char value[64];
  char title[128];
  struct series_list list;
  const json_t *wanted = axes->panel_values.list[index];
  struct case_set part = part_of(set, axes->panels, wanted);
  snprintf(title, sizeof title, "%s %s", axes->panels, setting_text(wanted, value, sizeof value));
  if (part.count > 0 && sweep_axes_series(axes, &part, &list)) {
    panels_begin(panels, index, title, script);
    draw_lines(axes, &list, (struct axis_room){panels->canvas, panels->columns}, script);
    series_free(&list);
  }
  case_set_free(&part);
}

static void draw_panels(const struct sweep_axes *axes, const struct case_set *set,
                        const struct panels *panels, FILE *script) {
  for (size_t i = 0; i < axes->panel_values.count; i++) {
    draw_panel(axes, set, i, panels, script);
  }
  panels_end(panels, script);
}

static void sweep_draw(const struct document *document, const struct case_set *set,
                       const struct canvas *given, FILE *script) {
  struct sweep_axes axes;
  struct canvas own = *given;
  const struct canvas *canvas = &own;
  struct series_list list;
  char title[256];
  int ranks = set->cases[0]->ranks;
  sweep_axes_choose(set, &axes);
  snprintf(title, sizeof title, "%s on %d rank%s", set->cases[0]->workload, ranks,
           ranks == 1 ? "" : "s");
  struct panels panels = panels_of(canvas, axes.panel_values.count, title);
  own.tall = panels.rows > 1;
  script_begin(document, canvas, title, script);
  script_job(set, "", canvas, script);
  script_remark(canvas, SCRIPT_WHISKERS, script);
  if (axes.lines == NULL) {
    fputs("set key off\n", script);
  } else {
    script_key(canvas, (axes.line_count + 2) / 3, script);
  }
  if (axes.panels != NULL) {
    draw_panels(&axes, set, &panels, script);
  } else if (sweep_axes_series(&axes, set, &list)) {
    draw_lines(&axes, &list, (struct axis_room){canvas, 1}, script);
    series_free(&list);
  }
}

const struct chart sweep_chart = {.name = "sweep", .obstacle = sweep_obstacle, .draw = sweep_draw};
