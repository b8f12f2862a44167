#include "charts/script.h"

#include <stdlib.h>
#include <string.h>

const char *script_colour(size_t index) {
  static const char *const colours[SCRIPT_COLOURS] = {"#0072B2", "#D55E00", "#009E73",
                                                      "#CC79A7", "#E69F00", "#56B4E9"};
  return colours[index % SCRIPT_COLOURS];
}

void script_quote(const char *text, FILE *script) {
  fputc('\'', script);
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '\'') {
      fputs("''", script);
    } else {
      fputc(c < ' ' || c == 127 ? ' ' : c, script);
    }
  }
  fputc('\'', script);
}

static void set_terminal(const struct canvas *canvas, FILE *script) {
  switch (canvas->kind) {
  case CANVAS_SVG:
    fputs("set terminal svg noenhanced size 800,500 font 'sans-serif,14' background '#ffffff' "
          "rounded\n",
          script);
    break;
  case CANVAS_PNG:
    fputs("set terminal pngcairo noenhanced size 1600,1000 font 'sans-serif,21' linewidth 2 "
          "pointscale 2 background '#ffffff' rounded\n",
          script);
    break;
  case CANVAS_PDF:
    fputs("set terminal pdfcairo noenhanced size 16cm,10cm font 'sans-serif,10' "
          "background '#ffffff' rounded\n",
          script);
    break;
  case CANVAS_TERMINAL:
    fprintf(script, "set terminal dumb %s size %d,%d\n", canvas->colour ? "ansi256" : "mono",
            canvas->columns, canvas->rows);
    break;
  }
}

/* Points of the small letters, beside those of the terminals' fonts. */
static int small_font(const struct canvas *canvas) {
  return canvas->kind == CANVAS_PNG ? 15 : canvas->kind == CANVAS_PDF ? 7 : 11;
}

void script_begin(const struct document *document, const struct canvas *canvas, const char *title,
                  FILE *script) {
  char origin[512];
  set_terminal(canvas, script);
  fputs("set encoding utf8\n"
        "set border 3 linewidth 0.8 linecolor '#444444'\n"
        "set tics nomirror textcolor '#222222'\n"
        "set key top right noenhanced\n"
        "set style fill solid 1.0 noborder\n",
        script);
  if (canvas->kind != CANVAS_TERMINAL) {
    fprintf(script,
            "set grid ytics linecolor '#dddddd' linewidth 0.6 linetype 1\n"
            "set bmargin 5\nset tmargin 4\nset rmargin 4\n"
            "set label 1 at graph 0.5, graph 1.04 center noenhanced textcolor '#666666' font "
            "',%d' ",
            small_font(canvas));
    script_quote(document_origin(document, origin, sizeof origin), script);
    fputs("\nset title offset 0,0.9 noenhanced ", script);
  } else {
    fputs("set title ", script);
  }
  script_quote(title, script);
  fputc('\n', script);
}

const char *script_time_unit(double most, double *per_second) {
  static const struct {
    const char *name;
    double per_second;
  } units[] = {{"s", 1}, {"ms", 1e3}, {"µs", 1e6}, {"ns", 1e9}};
  size_t i = 0;
  while (i < 3 && most * units[i].per_second < 1) {
    i++;
  }
  *per_second = units[i].per_second;
  return units[i].name;
}

void script_whiskers(const struct stats *stats, double factor, FILE *script) {
  fprintf(script, "%.9g %.9g %.9g", factor * stats->median,
          factor * (stats->has_interval ? stats->ci95_low : stats->min),
          factor * (stats->has_interval ? stats->ci95_high : stats->max));
}

void script_remark(const struct canvas *canvas, const char *text, FILE *script) {
  if (canvas->kind == CANVAS_TERMINAL) {
    return; /* no room */
  }
  fprintf(script,
          "set label 2 at screen 0.5, screen 0.025 center noenhanced textcolor '#666666' font "
          "',%d' ",
          small_font(canvas));
  script_quote(text, script);
  fputc('\n', script);
}

/* Characters of a name under the axis; longer ones are cut. */
enum { NAME_MOST = 30 };

void script_names(const char *const *names, size_t count, FILE *script) {
  size_t longest = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(names[i]);
    longest = length > longest ? length : longest;
  }
  longest = longest > NAME_MOST ? NAME_MOST : longest;
  bool slanted = count * (longest + 2) > 85;
  fprintf(script, "set xtics %s scale 0 noenhanced (", slanted ? "rotate by 25 right" : "norotate");
  for (size_t i = 0; i < count; i++) {
    char name[NAME_MOST + 8];
    bool whole = strlen(names[i]) <= NAME_MOST;
    snprintf(name, sizeof name, "%.*s%s", whole ? NAME_MOST : NAME_MOST - 3, names[i],
             whole ? "" : "...");
    fputs(i == 0 ? "" : ", ", script);
    script_quote(name, script);
    fprintf(script, " %zu", i);
  }
  fputs(")\n", script);
  if (slanted) {
    fprintf(script, "set bmargin %zu\nset lmargin %zu\n", 5 + longest / 5, 8 + 2 * longest / 5);
  }
}

void script_case_names(const struct case_set *set, bool with_ranks, FILE *script) {
  const char **names = (const char **)calloc(set->count, sizeof *names);
  char(*texts)[160] = calloc(set->count, sizeof *texts);
  for (size_t i = 0; names != NULL && texts != NULL && i < set->count; i++) {
    char label[128];
    char ranks[32] = "";
    if (with_ranks) {
      snprintf(ranks, sizeof ranks, ", %d rank%s", set->cases[i]->ranks,
               set->cases[i]->ranks == 1 ? "" : "s");
    }
    snprintf(texts[i], sizeof texts[i], "%s%s", case_label(set, set->cases[i], label, sizeof label),
             ranks);
    names[i] = texts[i];
  }
  if (names != NULL && texts != NULL) {
    script_names(names, set->count, script);
  }
  free(texts);
  free((void *)names);
}

void script_add_log_tics(double span, FILE *script) {
  const char *comma = "";
  fputs("set ytics format '%g'\nset ytics add (", script);
  for (int decade = -3; decade <= 3; decade++) {
    if (span < 10) {
      fprintf(script, "%s1.5e%d", comma, decade);
      comma = ", ";
    }
    for (int digit = 2; digit <= 9; digit++) {
      if (digit == 2 || digit == 5 || span < 10) {
        fprintf(script, "%s%de%d", comma, digit, decade);
        comma = ", ";
      }
    }
  }
  fputs(")\n", script);
}
