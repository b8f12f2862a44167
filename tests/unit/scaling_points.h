/* Made-up measurements of a scaled job, for tests of what is told from them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "app/scaling.h"

static const uint64_t ITEMS = 8000; /* a millisecond each */
static struct scaling scaling;

/* So much work a worker, at whatever price, and that is all. */
static inline void set_work(struct scaling_point *point, double mean, double last) {
  point->mean = (struct worker_time){.busy = mean, .core = mean};
  point->last = (struct worker_time){.busy = last, .core = last};
  point->run.core_seconds = mean * point->workers;
}

/* A point of `workers` on 8 cores whose run took `seconds`: all busy all the time. */
static inline struct scaling_point *add_point(int workers, double seconds) {
  struct scaling_point *point = &scaling.points[scaling.count++];
  *point = (struct scaling_point){.ranks = workers,
                                  .workers = workers,
                                  .cores = 8,
                                  .ideal = workers < 8 ? workers : 8,
                                  .factor = 1,
                                  .median = seconds,
                                  .cost_at_once = NAN,
                                  .alone = {8, 8, ITEMS},
                                  .run = {seconds, 0, ITEMS},
                                  .chunks = 8};
  set_work(point, seconds, seconds);
  if (workers == 1) {
    scaling.cost_in_pool = seconds / point->alone.core_seconds;
  }
  return point;
}

static int begin(void **state) {
  (void)state;
  scaling = (struct scaling){
      .serial = 8, .cost_in_pool = NAN, .clock_drop = NAN, .needs_core = true, .tells_core = true};
  return 0;
}
