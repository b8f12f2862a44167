#include "app/scaling_record.h"

#include <math.h>

#include "app/study_bound.h"
#include "app/study_kind.h"
#include "core/clean_text.h"
#include "core/stats.h"

static double median_of(const double *samples, size_t count) {
  return stats_of(samples, count).median;
}

/* Processor time of the kernel alone on all the entry's ranks at once, over that on one. */
static double cost_at_once(const struct study_entry *entry, const struct study_entry *baseline,
                           size_t rounds) {
  double costs[STUDY_MOST_ROUNDS];
  for (size_t i = 0; entry->at_once != NULL && i < rounds; i++) {
    costs[i] = entry->at_once[i].core_seconds / baseline->alones[i].core_seconds;
  }
  return entry->at_once == NULL ? NAN : median_of(costs, rounds);
}

static struct scaling_point point_of(const struct study_entry *entry,
                                     const struct study_entry *baseline,
                                     const struct study_result *result) {
  const struct team *team = &entry->team;
  size_t typical = study_typical_round(entry, result);
  const struct pool_report *report = &entry->reports[typical];
  const struct pool_alone *alone = &baseline->alones[typical];
  int workers = team->size * team->threads;
  return (struct scaling_point){
      .ranks = team->size,
      .workers = workers,
      .cores = team->cores,
      .ideal = case_ideal(team, entry->kind->needs_core(entry)),
      .factor = (double)entry->factor,
      .median = median_of(entry->parallel, result->rounds),
      .memory_speedup = entry->memory_speedup,
      .core_speedup = study_bound_cores(entry, result->rounds),
      .cost_at_once = cost_at_once(entry, baseline, result->rounds),
      .alone = {alone->seconds, alone->core_seconds, alone->items},
      .run = {report->seconds, report->core_mean * workers, report->items},
      .chunks = report->chunks,
      .wasted = report->wasted,
      .mean = {.busy = report->busy_mean,
               .core = report->core_mean,
               .waited = report->waited_mean,
               .yielded = report->yielded_mean,
               .looked = report->looked_mean},
      .last = report->last};
}

/* Of the entry on one worker, which has the baseline. */
static double cost_in_pool(const struct scaling *scaling, const struct study_entry *single,
                           size_t rounds) {
  double costs[STUDY_MOST_ROUNDS];
  size_t known = 0;
  for (size_t i = 0; single->team.size * single->team.threads == 1 && i < rounds; i++) {
    const struct pool_alone *alone = &single->alones[i];
    const struct scaling_run run = {alone->seconds, alone->core_seconds, alone->items};
    const struct pool_report *report = &single->reports[i];
    const struct worker_time worker = {.busy = report->busy_mean, .core = report->core_mean};
    double cost = scaling_cost_in_pool(scaling, &worker, report->items, &run);
    if (!isnan(cost)) {
      costs[known++] = cost;
    }
  }
  return known > 0 ? median_of(costs, known) : NAN;
}

struct scaling scaling_of_study(const struct study_entry *entries, size_t count,
                                const struct study_result *result, double clock_drop) {
  struct stats serial = stats_of(entries[0].serial, result->rounds);
  struct scaling scaling = {.serial = serial.median,
                            .baseline_error = stats_median_error(&serial),
                            .needs_core = entries[0].kind->needs_core(&entries[0]),
                            .tells_core = entries[0].kind->tells_core,
                            .clock_drop = clock_drop};
  scaling.cost_in_pool = cost_in_pool(&scaling, &entries[0], result->rounds);
  for (size_t i = 0; i < count && i < SCALING_MOST; i++) {
    scaling.weak = scaling.weak || entries[i].factor > 1;
    scaling.points[scaling.count++] = point_of(&entries[i], &entries[0], result);
  }
  return scaling;
}

static json_t *fit_record(const struct fit *fit) {
  if (!fit->fitted) {
    return json_pack("{s:s, s:s}", "law", fit_name(fit->law), "refused", fit->reason);
  }
  json_t *parameters = json_object();
  for (size_t i = 0; i < fit->count; i++) {
    json_object_set_new(
        parameters, fit_parameter_name(fit->law, i),
        json_pack("{s:f, s:[f, f]}", "value", fit->value[i], "ci95", fit->low[i], fit->high[i]));
  }
  return json_pack("{s:s, s:o, s:f}", "law", fit_name(fit->law), "parameters", parameters, "misfit",
                   fit->misfit);
}

static json_t *real_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

/* What the paragraph says of the most workers that can all be at work at once. */
static json_t *losses_record(const struct scaling *scaling, const struct scaling_point *point) {
  static const char *const names[SCALING_LOSSES] = {[LOSS_HANDING_OUT] = "handing_out",
                                                    [LOSS_OTHER_WORK] = "other_work",
                                                    [LOSS_DEARER] = "dearer",
                                                    [LOSS_IMBALANCE] = "imbalance",
                                                    [LOSS_WAITING] = "waiting",
                                                    [LOSS_LOOKS] = "looks",
                                                    [LOSS_TAKEN] = "taken",
                                                    [LOSS_ENDS] = "ends",
                                                    [LOSS_BASELINE] = "baseline"};
  struct scaling_losses losses = scaling_losses_of(scaling, point);
  json_t *shares = json_object();
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    json_object_set_new(shares, names[i], json_real(losses.share[i]));
  }
  return json_pack("{s:i, s:i, s:f, s:f, s:o, s:f, s:o, s:o, s:f, s:f, s:f, s:o, s:o}", "ranks",
                   point->ranks, "workers", point->workers, "efficiency",
                   scaling_speedup(scaling, point) / point->workers, "typical_efficiency",
                   losses.efficiency, "shares", shares, "items_over_alone", losses.items_over_alone,
                   "cost_in_pool", real_or_null(losses.cost_in_pool), "cost_over_pool",
                   real_or_null(losses.cost_over_pool), "last_over_mean", losses.last_over_mean,
                   "draws_per_second", losses.draws_per_second, "wasted_share", losses.wasted_share,
                   "clock_drop", real_or_null(scaling->clock_drop), "cost_at_once",
                   real_or_null(point->cost_at_once));
}

static json_t *oversubscribed_record(const struct scaling *scaling,
                                     const struct scaling_point *point) {
  return json_pack("{s:i, s:i, s:i, s:f}", "ranks", point->ranks, "workers", point->workers,
                   "cores", point->cores, "speedup_over_cores",
                   scaling_speedup(scaling, point) / point->cores);
}

json_t *scaling_record(const char *title, const struct scaling *scaling) {
  char text[SCALING_TEXT];
  json_t *fits = json_array();
  scaling_diagnose(scaling, text, sizeof text);
  for (size_t i = 0; i < 2; i++) {
    struct fit fit = scaling_fit(scaling, i);
    json_array_append_new(fits, fit_record(&fit));
  }
  json_t *record = json_pack("{s:o, s:s, s:o, s:o}", "title", clean_json(title), "diagnosis", text,
                             "baseline_error", real_or_null(scaling->baseline_error), "fits", fits);
  const struct scaling_point *largest = scaling_largest(scaling);
  const struct scaling_point *oversubscribed = scaling_oversubscribed(scaling);
  if (largest != NULL) {
    json_object_set_new(record, "losses", losses_record(scaling, largest));
  }
  if (oversubscribed != NULL) {
    json_object_set_new(record, "oversubscribed", oversubscribed_record(scaling, oversubscribed));
  }
  return record;
}
