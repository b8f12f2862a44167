#include "app/scaling.h"

#include <math.h>

/* Items that differ by less are the same job, enlarged in whole units. */
static const double SAME_ITEMS = 1e-3;

double scaling_speedup(const struct scaling *scaling, const struct scaling_point *point) {
  return point->factor * scaling->serial / point->median;
}

static bool all_at_once(const struct scaling_point *point) {
  return point->workers <= point->ideal;
}

const struct scaling_point *scaling_largest(const struct scaling *scaling) {
  const struct scaling_point *largest = NULL;
  for (size_t i = 0; i < scaling->count; i++) {
    if (all_at_once(&scaling->points[i])) {
      largest = &scaling->points[i];
    }
  }
  return largest;
}

const struct scaling_point *scaling_oversubscribed(const struct scaling *scaling) {
  const struct scaling_point *last = &scaling->points[scaling->count - 1];
  return all_at_once(last) ? NULL : last;
}

bool scaling_same_work(const struct scaling_losses *losses) {
  return fabs(losses->items_over_alone - 1) < SAME_ITEMS;
}

bool scaling_counts_core(const struct scaling *scaling) {
  return scaling->needs_core && scaling->tells_core;
}

static double cost_of(const struct scaling *scaling, const struct scaling_run *run, int workers) {
  return scaling_counts_core(scaling) ? run->core_seconds : workers * run->seconds;
}

static double cost_of_item(double cost, uint64_t items) {
  return items > 0 ? cost / (double)items : NAN;
}

static double clip(double value, double a, double b) {
  return fmin(fmax(value, fmin(a, b)), fmax(a, b));
}

static struct worker_time time_of(const struct scaling *scaling, const struct worker_time *time) {
  struct worker_time heeded = *time;
  heeded.core = scaling_counts_core(scaling) ? fmin(time->core, time->busy) : time->busy;
  heeded.looked = fmin(time->looked, time->yielded);
  return heeded;
}

double scaling_cost_in_pool(const struct scaling *scaling, const struct worker_time *worker,
                            uint64_t items, const struct scaling_run *alone) {
  double cost = cost_of_item(time_of(scaling, worker).core, items) /
                cost_of_item(cost_of(scaling, alone, 1), alone->items);
  return isfinite(cost) ? cost : NAN;
}

/* What the work took more than the kernel alone, in a worker's seconds: by its items, and by what
   one of them takes. Where items differ in cost the split is a guess, so none is given more than
   there is to explain. */
static void split_work(const struct scaling *scaling, const struct scaling_point *point,
                       double excess, struct scaling_losses *losses) {
  double items = (double)point->run.items;
  double needed = point->factor * (double)point->alone.items;
  double alone = cost_of_item(cost_of(scaling, &point->alone, 1), point->alone.items);
  double single = alone * scaling->cost_in_pool;
  struct worker_time mean = time_of(scaling, &point->mean);
  double here = cost_of_item(mean.core * point->workers, point->run.items);
  losses->items_over_alone = needed > 0 ? items / needed : 1;
  losses->cost_in_pool = scaling->cost_in_pool;
  losses->cost_over_pool = here / (isnan(single) ? alone : single);
  double other = (items - needed) * alone / point->workers;
  double handing = isfinite(single) ? items * (single - alone) / point->workers : 0;
  other = clip(other, 0, excess);
  handing = clip(handing, 0, fmax(excess - other, 0));
  losses->share[LOSS_OTHER_WORK] = other;
  losses->share[LOSS_HANDING_OUT] = handing;
  losses->share[LOSS_DEARER] = excess - other - handing;
}

/* Workers that ended before the last one had nothing to do then: by what it had more than the mean,
   be it work or disturbance. */
static void share_idleness(const struct worker_time *mean, const struct worker_time *last,
                           struct scaling_losses *losses) {
  static const enum scaling_loss kinds[] = {LOSS_IMBALANCE, LOSS_WAITING, LOSS_LOOKS, LOSS_TAKEN};
  enum { KINDS = sizeof kinds / sizeof kinds[0] };
  double more[KINDS] = {last->core - mean->core, last->waited - mean->waited,
                        last->looked - mean->looked,
                        worker_time_taken(last) - worker_time_taken(mean)};
  double idle = fmax(worker_time_sum(last) - worker_time_sum(mean), 0);
  double sum = 0;
  for (size_t i = 0; i < KINDS; i++) {
    more[i] = fmax(more[i], 0);
    sum += more[i];
  }
  for (size_t i = 0; i < KINDS; i++) {
    losses->share[kinds[i]] += sum > 0 ? idle * more[i] / sum : 0;
  }
}

struct scaling_losses scaling_losses_of(const struct scaling *scaling,
                                        const struct scaling_point *point) {
  struct scaling_losses losses = {.efficiency = 0};
  const struct worker_time mean = time_of(scaling, &point->mean);
  const struct worker_time last = time_of(scaling, &point->last);
  double whole = point->run.seconds;
  double ideal = point->factor * point->alone.seconds / point->workers;
  double ideal_core = point->factor * cost_of(scaling, &point->alone, 1) / point->workers;
  split_work(scaling, point, mean.core - ideal_core, &losses);
  losses.share[LOSS_WAITING] = mean.waited;
  losses.share[LOSS_LOOKS] = mean.looked;
  losses.share[LOSS_TAKEN] = worker_time_taken(&mean);
  share_idleness(&mean, &last, &losses);
  losses.share[LOSS_BASELINE] = ideal_core - ideal;
  losses.efficiency = ideal / whole;
  double rest = 1 - losses.efficiency;
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    losses.share[i] /= whole;
    rest -= losses.share[i];
  }
  losses.share[LOSS_ENDS] = rest;
  losses.last_over_mean = mean.core > 0 ? last.core / mean.core : 1;
  losses.draws_per_second = (double)point->chunks / whole;
  losses.wasted_share = point->run.items > 0 ? (double)point->wasted / (double)point->run.items : 0;
  return losses;
}

struct fit scaling_fit(const struct scaling *scaling, size_t index) {
  double workers[SCALING_MOST];
  double speedups[SCALING_MOST];
  size_t count = 0;
  for (size_t i = 0; i < scaling->count; i++) {
    if (all_at_once(&scaling->points[i])) {
      workers[count] = scaling->points[i].workers;
      speedups[count++] = scaling_speedup(scaling, &scaling->points[i]);
    }
  }
  enum fit_law law = index == 1 ? FIT_UNIVERSAL : scaling->weak ? FIT_GUSTAFSON : FIT_AMDAHL;
  return fit_scaling(law, workers, speedups, count, scaling->baseline_error);
}
