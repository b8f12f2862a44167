/* What holds a scaled job back: from the measured times of one case on several numbers of ranks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pool/worker_time.h"
#include "statistics/fits.h"

/* The kernel alone, or all workers together: what was done, and what it took. */
struct scaling_run {
  double seconds;
  double core_seconds; /* processor time, of all workers together */
  uint64_t items;      /* done: where an early exit cuts a job short, runs differ in them */
};

/* One number of ranks. Times in seconds. */
struct scaling_point {
  int ranks, workers;    /* workers: ranks times threads */
  int cores;             /* that they may use */
  int ideal;             /* workers that can be at work at once */
  double factor;         /* so many times the serial job was done (weak scaling) */
  double median;         /* time, the slowest rank's */
  double memory_speedup; /* how much more memory gives the ranks than one alone; 0: not measured */
  double core_speedup;   /* how much more of the job the kernel alone does on all its cores at once
                            than on one; 0: not measured */
  double cost_at_once;   /* the kernel's processor time then, over that alone; NAN: not measured */
  /* Of one typical run, and of the kernel alone shortly before. */
  struct scaling_run alone, run;
  uint64_t chunks, wasted;
  struct worker_time mean; /* over workers */
  struct worker_time last; /* of the one that was at it for longest */
};

enum { SCALING_MOST = 64, SCALING_TEXT = 2048 };

struct scaling {
  bool weak;
  bool needs_core;       /* the work needs a core while it is done */
  bool tells_core;       /* its processor time is known */
  double serial;         /* the kernel alone, median */
  double baseline_error; /* its relative standard error; NAN: not known */
  struct scaling_point points[SCALING_MOST];
  size_t count;
  double cost_in_pool; /* of an item on one worker, over that of the kernel alone shortly before:
                          median of all rounds, where one may have been disturbed; NAN: not known */
  double clock_drop; /* census_clock_drop on the most workers that have a core each; NAN: unknown */
};

/* What the time of a run went into beside the work that the kernel does alone. A negative share is
   a gain. */
enum scaling_loss {
  LOSS_HANDING_OUT, /* what one worker already loses in the pool */
  LOSS_OTHER_WORK,  /* more items than the kernel did alone, in vain after a find; or fewer */
  LOSS_DEARER,      /* an item took more processor time than on one worker */
  LOSS_IMBALANCE,   /* the last worker had more to do than the mean */
  LOSS_WAITING,     /* for work to be handed out */
  LOSS_LOOKS,       /* processor time between slices: for news, and for others' requests */
  LOSS_TAKEN,       /* others had the cores */
  LOSS_ENDS,        /* starting, adding up */
  LOSS_BASELINE,    /* negative: others had the core while the kernel ran alone */
  SCALING_LOSSES
};

/* What an item took one worker in the pool, over what it took the kernel alone; NAN: not known. */
double scaling_cost_in_pool(const struct scaling *scaling, const struct worker_time *worker,
                            uint64_t items, const struct scaling_run *alone);

struct scaling_losses {
  double efficiency;            /* of the run */
  double share[SCALING_LOSSES]; /* of its time; with the efficiency they add up to 1 */
  /* What speaks for them. */
  double items_over_alone; /* done, over those that the kernel did alone for as large a job */
  double cost_in_pool;     /* the scaling's; NAN: no one worker was measured */
  double cost_over_pool;   /* the same on all workers, over that on one; without it, over alone */
  double last_over_mean;   /* processor time of the last worker, over the mean */
  double draws_per_second; /* of chunks, by all workers */
  double wasted_share;     /* of the items: done after the deciding find */
};

/* Of a point whose workers can all be at work at once. */
struct scaling_losses scaling_losses_of(const struct scaling *scaling,
                                        const struct scaling_point *point);

/* Whether an item's cost is processor time. Work that needs no core is done by the wall clock. */
bool scaling_counts_core(const struct scaling *scaling);

/* Nothing that slows work down on all cores alike shows in the items: they are the same ones. */
bool scaling_same_work(const struct scaling_losses *losses);

/* The most workers that can all be at work at once; NULL when there is no such point. */
const struct scaling_point *scaling_largest(const struct scaling *scaling);

/* The most workers, if they are more than can be at work at once; else NULL. */
const struct scaling_point *scaling_oversubscribed(const struct scaling *scaling);

double scaling_speedup(const struct scaling *scaling, const struct scaling_point *point);

/* Law index i of those that belong to the kind of scaling, fitted to the points whose workers can
   all be at work at once; i = 0: Amdahl or Gustafson, 1: universal. */
struct fit scaling_fit(const struct scaling *scaling, size_t index);

/* One paragraph on what was measured, in plain words. */
void scaling_diagnose(const struct scaling *scaling, char *text, size_t size);
