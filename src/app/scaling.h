/* What holds a scaled job back: from the measured times of one case on several numbers of ranks. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "statistics/fits.h"

/* One number of ranks. Times in seconds. */
struct scaling_point {
  int ranks, workers; /* workers: ranks times threads */
  int cores;          /* that they may use */
  double factor;      /* so many times the serial job was done (weak scaling) */
  double median;      /* time, the slowest rank's */
  /* Of one typical run: the kernel alone shortly before, its time, and what workers did in it. */
  double serial, seconds, busy_max, busy_mean, waited_mean, yielded_mean;
};

enum { SCALING_MOST = 64, SCALING_TEXT = 512 };

struct scaling {
  bool weak;
  double serial; /* the kernel alone, median */
  struct scaling_point points[SCALING_MOST];
  size_t count;
  double clock_drop; /* census_clock_drop on the most workers that have a core each; NAN: unknown */
};

/* Times of one run, in shares of what was lost against the ideal; they add up to it. */
struct scaling_losses {
  double efficiency; /* of the run, against workers or cores, whichever are fewer */
  double dearer;     /* the same work took more processor time than alone */
  double imbalance;  /* the busiest worker did more than the mean */
  double waiting;    /* for work to be handed out */
  double taken;      /* others had the cores, between slices of work */
  double ends;       /* starting, adding up */
};

/* The point's share of time lost to each. Only where every worker has a core. */
struct scaling_losses scaling_losses_of(const struct scaling_point *point);

double scaling_speedup(const struct scaling *scaling, const struct scaling_point *point);

/* Law index i of those that belong to the kind of scaling, fitted to the points with a core for
   each worker; i = 0: Amdahl or Gustafson, 1: universal. */
struct fit scaling_fit(const struct scaling *scaling, size_t index);

/* One paragraph on what was measured, in plain words. */
void scaling_diagnose(const struct scaling *scaling, char *text, size_t size);
