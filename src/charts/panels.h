/* Several plots in one picture, in rows and columns; in a terminal one below the other. */
#pragma once

#include "charts/script.h"

struct panels {
  const struct canvas *canvas;
  size_t columns, rows;
  const char *title; /* of the picture */
};

/* Rows and columns for count >= 1 plots: beside one another up to three. */
struct panels panels_of(const struct canvas *canvas, size_t count, const char *title);

/* The same in a single column. */
struct panels panels_below_one_another(const struct canvas *canvas, size_t count,
                                       const char *title);

/* Before the axes of plot `index` are drawn, from 0 on; the first one's key and labels are the
   picture's. */
void panels_begin(const struct panels *panels, size_t index, const char *title, FILE *script);
void panels_end(const struct panels *panels, FILE *script);
