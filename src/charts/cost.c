/* cost: the divisions that testing n takes, against n: primes, composite numbers, and the most. */
#include <math.h>

#include "charts/answer.h"
#include "charts/script.h"

struct bin {
  double from, to, numbers, primes, prime_divisions, composite_divisions, most;
};

static bool read_bin(const json_t *object, struct bin *bin) {
  return answer_number(object, "from", &bin->from) && answer_number(object, "to", &bin->to) &&
         answer_number(object, "numbers", &bin->numbers) &&
         answer_number(object, "primes", &bin->primes) &&
         answer_number(object, "prime_divisions", &bin->prime_divisions) &&
         answer_number(object, "composite_divisions", &bin->composite_divisions) &&
         answer_number(object, "most", &bin->most) && bin->from < bin->to &&
         bin->primes <= bin->numbers && bin->most > 0;
}

static const char *cost_obstacle(const struct case_set *set) {
  const json_t *bins = answer_list(set, "costs");
  const json_t *object;
  struct bin bin;
  size_t i;
  if (bins == NULL) {
    return ANSWER_OBSTACLE;
  }
  json_array_foreach(bins, i, object) {
    if (!read_bin(object, &bin)) {
      return "its list of costs cannot be read";
    }
  }
  return json_array_size(bins) < 2 ? "there is a single bin: a curve needs two" : NULL;
}

/* The x axis shows (n - start) / unit. */
struct axis {
  double start, unit;
};

/* Figures that can be read and told apart: short ones, and of a narrow range how far n is in it. */
static struct axis choose_axis(double from, double to) {
  double start = to - from < 0.05 * to ? from : 0;
  double most = to - start;
  return (struct axis){start, most >= 2e9 ? 1e9 : most >= 2e6 ? 1e6 : most >= 2e4 ? 1e3 : 1};
}

static void label_axis(const struct axis *axis, FILE *script) {
  const char *unit = axis->unit == 1e9   ? " (thousand millions)"
                     : axis->unit == 1e6 ? " (millions)"
                     : axis->unit == 1e3 ? " (thousands)"
                                         : "";
  if (axis->start > 0) {
    fprintf(script, "set xlabel 'n - %.0f%s'\n", axis->start, unit);
  } else {
    fprintf(script, "set xlabel 'n%s'\n", unit);
  }
}

static double mean(double sum, double count) {
  return count > 0 ? sum / count : NAN;
}

/* From, to, middle; mean of primes, mean of composite numbers, most. Returns the most of all. */
static double write_data(const json_t *bins, const struct axis *axis, FILE *script) {
  const json_t *object;
  struct bin bin;
  size_t i;
  double most = 0;
  fputs("$bins << EOD\n", script);
  json_array_foreach(bins, i, object) {
    if (read_bin(object, &bin)) {
      most = fmax(most, bin.most);
      double from = (bin.from - axis->start) / axis->unit;
      double to = (bin.to - axis->start) / axis->unit;
      fprintf(script, "%.12g %.12g %.12g %.9g %.9g %.0f\n", from, to, (from + to) / 2,
              mean(bin.prime_divisions, bin.primes),
              mean(bin.composite_divisions, bin.numbers - bin.primes), bin.most);
    }
  }
  fputs("EOD\n", script);
  return most;
}

static void plot_bins(const struct canvas *canvas, FILE *script) {
  if (canvas->kind == CANVAS_TERMINAL) {
    fputs("plot $bins using 2:6 with lines title 'most', '' using 3:4 with points pointtype 'x' "
          "title 'prime', '' using 3:5 with points pointtype 'o' title 'composite'\n",
          script);
    return;
  }
  fprintf(script,
          "plot $bins using 1:6:($2-$1):(0) with vectors nohead linewidth 1.5 linecolor '#888888' "
          "title 'the most', "
          "'' using 3:4 with linespoints linewidth 1.5 pointtype 7 pointsize 0.5 linecolor '%s' "
          "title 'primes, mean', "
          "'' using 3:5 with linespoints linewidth 1.5 pointtype 5 pointsize 0.5 linecolor '%s' "
          "title 'composite numbers, mean'\n",
          script_colour(1), script_colour(0));
}

static void cost_draw(const struct document *document, const struct case_set *set,
                      const struct canvas *canvas, FILE *script) {
  const json_t *bins = answer_list(set, "costs");
  struct bin first = {0};
  struct bin last = {0};
  char range[96];
  char title[160];
  read_bin(json_array_get(bins, 0), &first);
  read_bin(json_array_get(bins, json_array_size(bins) - 1), &last);
  struct axis axis = choose_axis(first.from, last.to);
  snprintf(title, sizeof title, "Divisions to test %s",
           answer_range_text(set, range, sizeof range));
  script_begin(document, canvas, title, script);
  double most = write_data(bins, &axis, script);
  label_axis(&axis, script);
  fprintf(script,
          "set ylabel 'divisions a number'\nset autoscale xfix\n"
          "set offsets graph 0.02, graph 0.02, 0, 0\nset yrange [%.6g:%.6g]\nset key top left Left "
          "reverse\n",
          canvas->kind == CANVAS_TERMINAL ? -0.06 * most : 0, 1.25 * most);
  script_remark(canvas,
                "trial division: by 2, then by the odd numbers up to the root of n, "
                "until one divides n",
                script);
  plot_bins(canvas, script);
}

const struct chart cost_chart = {.name = "cost", .obstacle = cost_obstacle, .draw = cost_draw};
