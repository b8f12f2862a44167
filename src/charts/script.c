#include "charts/script.h"

#include <stdlib.h>
#include <string.h>

const char *script_colour(size_t index) {
  static const char *const colours[SCRIPT_COLOURS] = {"#0072B2", "#D55E00", "#009E73",
                                                      "#CC79A7", "#E69F00", "#56B4E9"};
  return colours[index % SCRIPT_COLOURS];
}

/* Two of them stand for one, but gnuplot reads that as the end of the text and the beginning of
   another one where no other character came before: there a typographic one must do. */
void script_quote(const char *text, FILE *script) {
  static const char apostrophe[] = "\xe2\x80\x99";
  unsigned char before = '\'';
  fputc('\'', script);
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '\'') {
      fputs(before == '\'' ? apostrophe : "''", script);
      before = before == '\'' ? '.' : '\'';
    } else {
      before = c;
      fputc(c < ' ' || c == 127 ? ' ' : c, script);
    }
  }
  fputc('\'', script);
}

/* Characters of the line on the job. */
enum { JOB_MOST = 116 };

static void set_terminal(const struct canvas *canvas, FILE *script) {
  switch (canvas->kind) {
  case CANVAS_SVG:
    fprintf(script,
            "set terminal svg noenhanced size 800,%d font 'sans-serif,14' background '#ffffff' "
            "rounded\n",
            canvas->tall ? 840 : 560);
    break;
  case CANVAS_PNG:
    fprintf(script,
            "set terminal pngcairo noenhanced size 1600,%d font 'sans-serif,21' linewidth 2 "
            "pointscale 2 background '#ffffff' rounded\n",
            canvas->tall ? 1680 : 1120);
    break;
  case CANVAS_PDF:
    fprintf(script,
            "set terminal pdfcairo noenhanced size 16cm,%scm font 'sans-serif,10' "
            "background '#ffffff' rounded\n",
            canvas->tall ? "16.8" : "11.2");
    break;
  case CANVAS_TERMINAL:
    fprintf(script, "set terminal dumb %s size %d,%d\n", canvas->colour ? "ansi256" : "mono",
            canvas->columns, canvas->rows);
    break;
  }
}

/* The rest of a character of several bytes. */
static bool continues(char byte) {
  return ((unsigned char)byte & 0xC0) == 0x80;
}

void script_cut(const char *text, size_t most, double head_share, char *cut) {
  size_t length = strlen(text);
  if (length <= most) {
    memcpy(cut, text, length + 1);
    return;
  }
  size_t head = (size_t)(head_share * (double)(most - 3));
  const char *tail = text + length - (most - 3 - head);
  while (head > 0 && continues(text[head])) {
    head--;
  }
  while (continues(*tail)) {
    tail++;
  }
  snprintf(cut, most + 1, "%.*s...%s", (int)head, text, tail);
}

int script_small_font(const struct canvas *canvas) {
  return canvas->kind == CANVAS_PNG ? 15 : canvas->kind == CANVAS_PDF ? 7 : 11;
}

/* Lines above the picture, in characters from its top: what it shows, of what job, on what machine.
 */
static void write_heading(int label, double down, int points, const char *text, FILE *script) {
  fprintf(script,
          "set label %d at screen 0.5, screen 1 offset character 0,%.3g center noenhanced "
          "textcolor '%s' ",
          label, -down, points == 0 ? "#000000" : "#666666");
  if (points > 0) {
    fprintf(script, "font ',%d' ", points);
  }
  script_quote(text, script);
  fputc('\n', script);
}

void script_begin(const struct document *document, const struct canvas *canvas, const char *title,
                  FILE *script) {
  char origin[512];
  set_terminal(canvas, script);
  fputs("set encoding utf8\n"
        "set border 3 linewidth 0.8 linecolor '#444444'\n"
        "set tics nomirror textcolor '#222222'\n"
        "set key top right noenhanced\n"
        "set style fill solid 1.0 noborder\n"
        "rows_of_key = 0\nrows_of_names = 0\n",
        script);
  if (canvas->kind == CANVAS_TERMINAL) {
    fputs("set title ", script);
    script_quote(title, script);
    fputc('\n', script);
    return;
  }
  fputs("set grid ytics linecolor '#dddddd' linewidth 0.6 linetype 1\n"
        "set bmargin 5\nset tmargin 4\nset rmargin 4\n",
        script);
  write_heading(1, 1.3, 0, title, script);
  write_heading(2, 2.6, script_small_font(canvas), document_origin(document, origin, sizeof origin),
                script);
}

void script_job(const struct case_set *set, const char *words, const struct canvas *canvas,
                FILE *script) {
  char shared[512];
  char text[544];
  char cut[JOB_MOST + 1];
  settings_shared(set, shared, sizeof shared);
  if (canvas->kind == CANVAS_TERMINAL || shared[0] == '\0') {
    return;
  }
  snprintf(text, sizeof text, "%s%s", words, shared);
  script_cut(text, JOB_MOST, 1, cut);
  write_heading(4, 2.5, script_small_font(canvas) + (canvas->kind == CANVAS_PNG ? 2 : 1), cut,
                script);
  fputs("set label 2 offset character 0,-3.6\nset tmargin 5\n", script);
}

void script_key(const struct canvas *canvas, size_t rows, FILE *script) {
  if (canvas->kind == CANVAS_TERMINAL) {
    fprintf(script, "set key outside bottom center vertical maxrows %zu\n", rows);
    return;
  }
  fprintf(script,
          "set key at graph 0, screen 0.06 left bottom vertical Left reverse maxrows %zu "
          "samplen 3 spacing 1.05 width 1 font ',%d'\n"
          "rows_of_key = %.3g\nset bmargin 5.5 + rows_of_key + rows_of_names\n",
          rows, script_small_font(canvas) + (canvas->kind == CANVAS_PNG ? 3 : 1),
          0.3 + 0.85 * (double)rows);
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
          "set label 3 at screen 0.5, screen 0.025 center noenhanced textcolor '#666666' font "
          "',%d' ",
          script_small_font(canvas));
  script_quote(text, script);
  fputc('\n', script);
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
