/* Pictures of results, as scripts for gnuplot. A chart turns cases into a script; drawing is
   gnuplot's. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "results/document.h"
#include "results/settings.h"

enum canvas_kind { CANVAS_SVG, CANVAS_PNG, CANVAS_PDF, CANVAS_TERMINAL };

struct canvas {
  enum canvas_kind kind;
  int columns, rows; /* of a terminal, in characters */
  bool colour;       /* of a terminal; the others have it */
  bool tall;         /* half as high again, for several plots; not of a terminal */
};

struct chart {
  const char *name;
  /* What keeps these cases from being drawn so; NULL: nothing. */
  const char *(*obstacle)(const struct case_set *set);
  void (*draw)(const struct document *document, const struct case_set *set,
               const struct canvas *canvas, FILE *script);
};

/* The registry: one word a chart. Without a choice the first is taken that nothing speaks against.
 */
#define CHARTS(X) X(timeline) X(frequency) X(cost) X(scale) X(sweep) X(speedup) X(box)
#define CHART_DECLARE(name) extern const struct chart name##_chart;
CHARTS(CHART_DECLARE)
#undef CHART_DECLARE

#define CHART_NAMES "timeline|frequency|cost|scale|sweep|speedup|box"

const struct chart *chart_find(const char *name);

/* The chart that shows these cases best; NULL: none can. */
const struct chart *chart_suited(const struct case_set *set);
