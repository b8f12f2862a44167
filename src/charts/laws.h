/* What a job's times on several numbers of ranks are held against: its time alone, the ideal, the
   laws of scaling. */
#pragma once

#include "charts/series.h"
#include "statistics/fits.h"

enum { LAWS = 2 }; /* Amdahl's or Gustafson's, and the universal one */

struct yardstick {
  bool weak;
  bool serial;  /* start is that of the serial baseline, not of a run on one rank */
  double start; /* seconds of the job alone, not enlarged; 0: not known */
  double error; /* relative standard error of that; NAN: not known */
  struct fit fits[LAWS];
};

/* How many times the job was done: with weak scaling it grows with the ranks. */
double enlarged_times(const struct result_case *result);

/* Of the line `index` of a list: the fits are those of the document's analysis, if it has one for
   each line, or else are made in the same way, of speedups where every worker has a core. */
struct yardstick yardstick_of(const struct document *document, const struct series_list *list,
                              size_t index);

/* The seconds on `ranks`, within those measured, if nothing were lost; 0: not known. */
double yardstick_ideal(const struct yardstick *yardstick, const struct document *document,
                       const struct series *series, double ranks);

/* The most ranks of the series whose workers have a core each; 0: none. The laws say nothing of
   more. */
double yardstick_law_end(const struct document *document, const struct series *series);

/* The seconds that a fitted law gives for so many ranks, on each as many threads as the series
   has. */
double yardstick_law(const struct yardstick *yardstick, const struct fit *fit,
                     const struct series *series, double ranks);

/* "Amdahl: f = 0.07 [0.03, 0.11], misfit 12 %"; returns text. */
const char *law_text(const struct fit *fit, char *text, size_t size);
