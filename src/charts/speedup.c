/* speedup: bars of what the ranks gained over the serial baseline, with intervals. */
#include <math.h>

#include "charts/axes.h"
#include "charts/laws.h"
#include "core/stats.h"
#include "statistics/bootstrap.h"

static const char *speedup_obstacle(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    if (set->cases[i]->serial.count == 0) {
      return "every case needs a serial baseline";
    }
  }
  if (set->count > NAMES_MOST) {
    return "more than 30 bars cannot be read";
  }
  return set->count == 1 ? "one bar compares nothing" : NULL;
}

/* Fewer samples have no interval: then from the worst to the best that they allow. */
static struct ratio speedup_of(const struct result_case *result) {
  static const double unit = 1;
  struct group one = {.over = &unit, .over_count = 1};
  struct group group = {result->serial.seconds, result->serial.count, result->parallel.seconds,
                        result->parallel.count};
  struct stats serial = stats_of(result->serial.seconds, result->serial.count);
  struct stats parallel = stats_of(result->parallel.seconds, result->parallel.count);
  struct ratio ratio = {serial.median / parallel.median, serial.min / parallel.max,
                        serial.max / parallel.min};
  if (serial.has_interval && parallel.has_interval) {
    ratio = bootstrap_ratio(&group, &one, 0.95);
  }
  double work = enlarged_times(result);
  return (struct ratio){work * ratio.value, work * ratio.low, work * ratio.high};
}

static double ideal_of(const struct result_case *result) {
  return json_number_value(json_object_get(result->record, "ideal"));
}

/* Position, speedup, interval, ideal. Returns the largest of all. */
static double write_data(const struct case_set *set, FILE *script) {
  double most = 0;
  fputs("$bars << EOD\n", script);
  for (size_t i = 0; i < set->count; i++) {
    struct ratio speedup = speedup_of(set->cases[i]);
    double ideal = ideal_of(set->cases[i]);
    most = fmax(most, fmax(ideal, speedup.high));
    fprintf(script, "%zu %.6g %.6g %.6g %.6g\n", i, speedup.value, speedup.low, speedup.high,
            ideal);
  }
  fputs("EOD\n", script);
  return most;
}

static void speedup_draw(const struct document *document, const struct case_set *set,
                         const struct canvas *canvas, FILE *script) {
  char title[192];
  char ranks[32];
  snprintf(ranks, sizeof ranks, "%d rank%s", set->cases[0]->ranks,
           set->cases[0]->ranks == 1 ? "" : "s");
  snprintf(title, sizeof title, "%s%speedup on %s",
           settings_one_workload(set) ? set->cases[0]->workload : "",
           settings_one_workload(set) ? ": s" : "S",
           settings_equal_ranks(set) ? ranks : "more ranks");
  script_begin(document, canvas, title, script);
  script_job(set, "", canvas, script);
  script_key(canvas, 1, script);
  double most = write_data(set, script);
  axis_cases(set, canvas, script);
  fprintf(script,
          "set ylabel 'speedup over the serial baseline'\nset yrange [0:%.6g]\n"
          "set boxwidth 0.6\n",
          (canvas->kind == CANVAS_TERMINAL ? 1.2 : 1.08) * most);
  script_remark(canvas,
                "bars: median serial time / median parallel time; whiskers: 95 % interval, or "
                "worst to best if fewer than 6 samples",
                script);
  if (canvas->kind == CANVAS_TERMINAL) {
    fputs("plot $bars using 1:2 with boxes notitle, "
          "'' using 1:2:(sprintf('%.2f', $2)) with labels offset 0,1 notitle\n",
          script);
    return;
  }
  fprintf(script,
          "plot $bars using 1:2 with boxes linecolor '%s' notitle, "
          "'' using ($1-0.36):5:(0.72):(0) with vectors nohead linewidth 2 dashtype 2 linecolor "
          "'#222222' title 'ideal (ranks or cores)', "
          "'' using 1:3:(0):($4-$3) with vectors heads size graph 0.012,90 linewidth 1.5 linecolor "
          "'#222222' notitle, ",
          script_colour(0));
  /* The figure stands at the foot of the bar, or over one that is too small for it. */
  fprintf(script,
          "'' using 1:($2 > %.6g ? 0 : NaN):(sprintf('%%.2f', $2)) with labels offset 0,0.9 "
          "textcolor '#ffffff' notitle, "
          "'' using 1:($2 > %.6g ? NaN : $4):(sprintf('%%.2f', $2)) with labels offset 0,0.8 "
          "notitle\n",
          0.12 * most, 0.12 * most);
}

const struct chart speedup_chart = {
    .name = "speedup", .obstacle = speedup_obstacle, .draw = speedup_draw};
