/* frequency: how often each factor is the smallest, against the factor. */
#include <float.h>
#include <math.h>

#include "charts/answer.h"
#include "charts/script.h"

struct shares {
  double numbers;       /* of the range */
  double prime, larger; /* shares of it, in percent */
  double factor_most;   /* the largest of the list */
  double least, most;   /* shares that are to be seen, in percent */
  size_t found;         /* factors that any number has */
  bool readable;
};

static bool read_factor(const json_t *factor, double *prime, double *numbers, double *expected) {
  return answer_number(factor, "factor", prime) && answer_number(factor, "numbers", numbers) &&
         answer_number(factor, "expected_share", expected) && *prime >= 2 && *expected > 0;
}

static struct shares read_shares(const struct case_set *set) {
  const json_t *answer = json_object_get(set->cases[0]->record, "answer");
  struct shares shares = {.least = DBL_MAX};
  const json_t *factor;
  size_t i;
  shares.readable = answer_number(answer, "numbers", &shares.numbers) && shares.numbers > 0 &&
                    answer_number(json_object_get(answer, "prime"), "numbers", &shares.prime) &&
                    answer_number(json_object_get(answer, "larger"), "numbers", &shares.larger);
  shares.prime *= 100 / shares.numbers;
  shares.larger *= 100 / shares.numbers;
  json_array_foreach(answer_list(set, "factors"), i, factor) {
    double numbers = 0;
    double expected = 0;
    if (!read_factor(factor, &shares.factor_most, &numbers, &expected)) {
      shares.readable = false;
      return shares;
    }
    shares.least = fmin(shares.least, 100 * expected);
    shares.most = fmax(shares.most, 100 * expected);
    if (numbers > 0) {
      shares.found++;
      shares.least = fmin(shares.least, 100 * numbers / shares.numbers);
      shares.most = fmax(shares.most, 100 * numbers / shares.numbers);
    }
  }
  return shares;
}

static const char *frequency_obstacle(const struct case_set *set) {
  if (answer_list(set, "factors") == NULL) {
    return ANSWER_OBSTACLE;
  }
  struct shares shares = read_shares(set);
  return !shares.readable    ? "its list of factors cannot be read"
         : shares.found == 0 ? "no number of the range has any of the factors"
                             : NULL;
}

/* Factor, share, expected share; a factor that no number has shows no dot. */
static void write_data(const struct case_set *set, const struct shares *shares, FILE *script) {
  const json_t *factor;
  size_t i;
  fputs("$shares << EOD\n", script);
  json_array_foreach(answer_list(set, "factors"), i, factor) {
    double prime = 0;
    double numbers = 0;
    double expected = 0;
    if (read_factor(factor, &prime, &numbers, &expected)) {
      fprintf(script, "%.0f %.9g %.9g\n", prime,
              numbers > 0 ? 100 * numbers / shares->numbers : NAN, 100 * expected);
    }
  }
  fputs("EOD\n", script);
}

static void draw_axes(const struct shares *shares, FILE *script) {
  double most = fmax(shares->most, shares->prime);
  fprintf(script,
          "set logscale xy\nset xrange [1.7:%.6g]\nset yrange [%.6g:%.6g]\n"
          "set xlabel 'smallest factor'\nset ylabel 'share of the numbers'\n",
          1.3 * shares->factor_most, shares->least / 1.6, 1.6 * most);
  if (most < 100 * shares->least) {
    script_add_log_tics(most / shares->least, script);
  }
  fputs("set format y '%g %%'\nset format x '%g'\n", script);
  if (shares->factor_most < 2000) {
    fputs("set xtics (2, 3, 5, 7, 11, 13, 17, 23, 31, 43, 61, 97, 200, 500, 1000)\n", script);
  }
}

/* The primes, which have no smaller factor, are a level to compare with. */
static void plot_shares(const struct shares *shares, const struct canvas *canvas, FILE *script) {
  bool terminal = canvas->kind == CANVAS_TERMINAL;
  fputs("set key bottom left Left reverse\nplot $shares using 1:3 with lines ", script);
  fputs(terminal ? "title 'expected'"
                 : "linewidth 1.5 linecolor '#888888' title 'expected: 1/p Π (1 − 1/q) over the "
                   "primes q below p'",
        script);
  if (shares->prime > 0 && terminal) {
    fprintf(script, ", %.9g with dots title 'prime: %.3g %%'", shares->prime, shares->prime);
  } else if (shares->prime > 0) {
    fprintf(script,
            ", %.9g with lines dashtype 2 linewidth 1.5 linecolor '%s' title 'prime: %.3g %%'",
            shares->prime, script_colour(1), shares->prime);
  }
  fputs(", $shares using 1:2 with points ", script);
  if (terminal) {
    fputs("pointtype 'o'", script);
  } else {
    fprintf(script, "pointtype 7 pointsize %g linecolor '%s'", shares->found > 100 ? 0.4 : 0.6,
            script_colour(0));
  }
  fputs(" title 'found'\n", script);
}

static void frequency_draw(const struct document *document, const struct case_set *set,
                           const struct canvas *canvas, FILE *script) {
  struct shares shares = read_shares(set);
  char range[96];
  char text[192];
  snprintf(text, sizeof text, "Smallest factors of %s",
           answer_range_text(set, range, sizeof range));
  script_begin(document, canvas, text, script);
  write_data(set, &shares, script);
  draw_axes(&shares, script);
  snprintf(text, sizeof text,
           "not shown: the smallest factor of %.3g %% of the numbers is above %.0f", shares.larger,
           shares.factor_most);
  if (shares.larger > 0) {
    script_remark(canvas, text, script);
  }
  plot_shares(&shares, canvas, script);
}

const struct chart frequency_chart = {
    .name = "frequency", .obstacle = frequency_obstacle, .draw = frequency_draw};
