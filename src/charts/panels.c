#include "charts/panels.h"

struct panels panels_of(const struct canvas *canvas, size_t count, const char *title) {
  size_t columns = count == 4 ? 2 : count > 3 ? 3 : count > 0 ? count : 1;
  return (struct panels){canvas, columns, (count + columns - 1) / columns, title};
}

struct panels panels_below_one_another(const struct canvas *canvas, size_t count,
                                       const char *title) {
  return (struct panels){canvas, 1, count, title};
}

/* In shares of the picture: above the plots stand the title and its lines, below them the key and a
   remark; within the cell of each its own title, figures and names. */
static void place(const struct panels *panels, size_t index, FILE *script) {
  bool stacked = panels->columns == 1; /* one axis below all, names within the frames */
  bool tall = panels->canvas->tall;
  double highest = tall ? 0.9 : 0.83;
  double lowest = (tall ? 0.09 : 0.13) + (stacked ? 0.06 : 0);
  double width = 0.98 / (double)panels->columns;
  double height = (highest - lowest) / (double)panels->rows;
  size_t row = index / panels->columns;
  double left = 0.01 + width * (double)(index % panels->columns);
  double top = highest - height * (double)row;
  double below = tall ? 0.09 : 0.14;
  fprintf(script,
          "set lmargin at screen %.4g\nset rmargin at screen %.4g\n"
          "set tmargin at screen %.4g\nset bmargin at screen %.4g\n",
          left + 0.09, left + width - 0.015, top - (stacked ? 0.012 : 0.045),
          top - height + (stacked ? 0.012 : below));
}

void panels_begin(const struct panels *panels, size_t index, const char *title, FILE *script) {
  char whole[320];
  if (panels->canvas->kind == CANVAS_TERMINAL) {
    snprintf(whole, sizeof whole, "%s, %s", panels->title, title);
    fputs("set title noenhanced ", script);
    script_quote(whole, script);
    fputs("\nunset logscale\nset xtics autofreq\nset ytics autofreq\n", script);
    return;
  }
  if (index == 0) {
    fputs("set multiplot\n", script);
  } else {
    fputs("unset label\nset key off\nunset logscale\nset xtics autofreq\nset ytics autofreq\n",
          script);
  }
  fprintf(script, "set tics font ',%d'\nset title offset 0,-0.6 noenhanced font ',%d' ",
          script_small_font(panels->canvas), script_small_font(panels->canvas) + 1);
  script_quote(title, script);
  fputc('\n', script);
  place(panels, index, script);
}

void panels_end(const struct panels *panels, FILE *script) {
  if (panels->canvas->kind != CANVAS_TERMINAL) {
    fputs("unset multiplot\n", script);
  }
}
