/* Axes: names and measured values along x, times along y. */
#pragma once

#include "charts/script.h"

/* More names than these cannot be read below one axis. */
enum { NAMES_MOST = 30, TICKS_MOST = 512 };

/* Where an axis stands: of so many beside one another on a canvas (in a terminal each has its
   width). */
struct axis_room {
  const struct canvas *canvas;
  size_t beside;
};

/* Names under the x axis at 0, 1, 2 ..., slanted where they are long (a terminal cannot: there some
   are left out), cut in their middle where they are very long. */
void axis_names(const char *const *names, size_t count, struct axis_room room, FILE *script);

/* The same with what tells the cases apart; where that is one thing (their ranks, or one setting)
   its values, and its name as the axis's. */
void axis_cases(const struct case_set *set, const struct canvas *canvas, FILE *script);

/* A mark at each of values[count] (<= TICKS_MOST; sorted here) and a figure below it wherever there
   is room for one, all in one manner: 5000, 10000, or, from a million on, 5 k, 1 M. */
void axis_values(double *values, size_t count, bool logarithmic, struct axis_room room,
                 FILE *script);

/* A y axis for times from `least` to `most` seconds, shown in `factor` a second: from zero, or in
   proportion where they lie more than tenfold apart. */
void axis_times(double least, double most, double factor, FILE *script);
