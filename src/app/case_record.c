#include "app/case_record.h"

#include "app/timeline_record.h"
#include "core/clean_text.h"
#include "core/stats.h"
#include "statistics/fits.h"

json_t *case_seconds_record(const double *samples, size_t count) {
  struct stats stats = stats_of(samples, count);
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(list, json_real(samples[i]));
  }
  json_t *interval =
      stats.has_interval ? json_pack("[f, f]", stats.ci95_low, stats.ci95_high) : json_null();
  return json_pack("{s:f, s:o, s:f, s:f, s:I, s:o}", "median", stats.median, "ci95", interval,
                   "min", stats.min, "max", stats.max, "outliers", (json_int_t)stats.outliers,
                   "samples", list);
}

static json_t *shares_record(const struct trial *trial) {
  json_t *ranks = json_array();
  for (int rank = 0; rank < trial->pool.team->size; rank++) {
    const struct rank_share *share = &trial->pool.shares[rank];
    json_array_append_new(
        ranks, json_pack("{s:i, s:s, s:f, s:f, s:f, s:I, s:I}", "rank", rank, "host", share->host,
                         "busy", share->busy, "core", share->core, "waited", share->waited,
                         "chunks", (json_int_t)share->chunks, "items", (json_int_t)share->items));
  }
  return ranks;
}

static json_t *run_record(const struct trial *trial, const struct outcome *outcome,
                          const struct pool_report *report, const struct timings *timings) {
  json_t *run = json_pack(
      "{s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "chunks", (json_int_t)report->chunks, "busy_max",
      report->busy_max, "busy_mean", report->busy_mean, "core_mean", report->core_mean,
      "waited_mean", report->waited_mean, "yielded_mean", report->yielded_mean, "setup_seconds",
      trial->setup_seconds, "start_skew_seconds", stats_of(timings->skews, timings->count).median);
  if (report->stopped_early) {
    json_object_set_new(run, "stop_seconds", json_real(report->stop_seconds));
    json_object_set_new(run, "wasted", json_integer((json_int_t)report->wasted));
  }
  if (trial->pool.tells_shares) {
    json_object_set_new(run, "ranks", shares_record(trial));
  }
  if (trial->pool.keeps_timelines) {
    json_object_set_new(run, "timeline", timeline_record(&trial->pool));
  }
  json_object_update(run, outcome->facts);
  json_object_set_new(run, "checked", json_string(outcome->check));
  return run;
}

/* Scattering has a schedule of its own. */
static const char *schedule_of(const struct trial *trial) {
  return trial->pool.dispatcher == &scatter_dispatcher ? "static" : trial->pool.schedule->name;
}

/* What the records of workloads and probes have in common. */
static json_t *common_record(const struct planned_case *planned, const void *parameters,
                             const struct team *team, json_t *options, uint64_t items,
                             uint64_t done, const struct outcome *outcome, json_t *run,
                             json_t *times, double seconds) {
  const struct subject *subject = &planned->subject;
  return json_pack("{s:s, s:o, s:o, s:i, s:I, s:O, s:s, s:o, s:o, s:f}", "workload", subject->name,
                   "params", options_to_json(subject->options, parameters), "options", options,
                   "ranks", team->size, "items", (json_int_t)items, "answer", outcome->answer,
                   "check", outcome->right ? "ok" : "failed", "run", run, "seconds", times,
                   "items_per_second", seconds > 0 ? (double)done / seconds : 0.0);
}

int case_ideal(const struct team *team, bool needs_core) {
  int workers = team->size * team->threads;
  return needs_core && team->cores < workers ? team->cores : workers;
}

/* What is known of a case that was measured, rather than run once. */
static void add_measured(json_t *record, const struct planned_case *planned,
                         const struct team *team, int ideal, const struct timings *timings,
                         double seconds) {
  if (planned->label != NULL) {
    json_object_set_new(record, "label", clean_json(planned->label));
  }
  if (timings->factor > 1) {
    json_object_set_new(record, "enlarged", json_integer((json_int_t)timings->factor));
  }
  if (timings->serial != NULL) {
    double serial = stats_of(timings->serial, timings->count).median;
    int workers = team->size * team->threads;
    double speedup = seconds > 0 ? (double)timings->factor * serial / seconds : 0;
    json_object_set_new(record, "serial", case_seconds_record(timings->serial, timings->count));
    json_object_set_new(record, "speedup", json_real(speedup));
    json_object_set_new(record, "ideal", json_integer(ideal));
    json_object_set_new(record, "efficiency", json_real(speedup / ideal));
    double fraction = fit_karp_flatt(speedup, workers);
    if (workers > 1 && workers == ideal && fraction >= 0 && fraction <= 1) {
      json_object_set_new(record, "karp_flatt", json_real(fraction));
    }
  }
}

json_t *probe_record(const struct planned_case *planned, const struct team *team,
                     const struct outcome *outcome, uint64_t items, const struct timings *timings) {
  json_t *run = json_copy(outcome->facts);
  double seconds = stats_of(timings->parallel, timings->count).median;
  json_object_set_new(run, "checked", json_string(outcome->check));
  json_t *record =
      common_record(planned, planned->parameters, team,
                    json_pack("{s:I}", "seed", (json_int_t)planned->common->seed), items, items,
                    outcome, run, case_seconds_record(timings->parallel, timings->count), seconds);
  add_measured(record, planned, team, case_ideal(team, true), timings, seconds);
  return record;
}

json_t *case_record(const struct trial *trial, const struct outcome *outcome,
                    const struct pool_report *report, const struct timings *timings) {
  const struct team *team = trial->pool.team;
  uint64_t items = trial->planned->subject.workload->items(&trial->job);
  double seconds = stats_of(timings->parallel, timings->count).median;
  json_t *options =
      json_pack("{s:s, s:I, s:s, s:s, s:s, s:I, s:I, s:i}", "schedule", schedule_of(trial), "chunk",
                (json_int_t)trial->pool.chunk, "dispatch", trial->pool.dispatcher->name, "order",
                trial->pool.order->name, "flag", trial->pool.flag_kind->name, "poll",
                (json_int_t)trial->common->poll, "seed", (json_int_t)trial->common->seed, "threads",
                team->threads);
  /* After an early exit the items of the index space were not all done: that is no rate. */
  uint64_t done = report->stopped_early ? report->items : items;
  json_t *record = common_record(trial->planned, trial->job.parameters, team, options, items, done,
                                 outcome, run_record(trial, outcome, report, timings),
                                 case_seconds_record(timings->parallel, timings->count), seconds);
  add_measured(record, trial->planned, team, case_ideal(team, trial_needs_core(trial)), timings,
               seconds);
  return record;
}
