#include "app/scaling_record.h"

#include "core/stats.h"

static double median_of(const double *samples, size_t count) {
  return stats_of(samples, count).median;
}

struct scaling scaling_of_study(const struct study_entry *entries, size_t count,
                                const struct study_result *result, double clock_drop) {
  struct scaling scaling = {.serial = median_of(entries[0].serial, result->rounds),
                            .clock_drop = clock_drop};
  for (size_t i = 0; i < count && i < SCALING_MOST; i++) {
    const struct study_entry *entry = &entries[i];
    const struct team *team = &entry->team;
    size_t typical = study_typical_round(entry, result);
    const struct pool_report *report = &entry->reports[typical];
    scaling.weak = scaling.weak || entry->factor > 1;
    scaling.points[scaling.count++] =
        (struct scaling_point){.ranks = team->size,
                               .workers = team->size * team->threads,
                               .cores = team->cores,
                               .factor = (double)entry->factor,
                               .median = median_of(entry->parallel, result->rounds),
                               .serial = entries[0].serial[typical],
                               .seconds = report->seconds,
                               .busy_max = report->busy_max,
                               .busy_mean = report->busy_mean,
                               .waited_mean = report->waited_mean,
                               .yielded_mean = report->yielded_mean};
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

json_t *scaling_record(const char *title, const struct scaling *scaling) {
  char text[SCALING_TEXT * 2];
  json_t *fits = json_array();
  scaling_diagnose(scaling, text, sizeof text);
  for (size_t i = 0; i < 2; i++) {
    struct fit fit = scaling_fit(scaling, i);
    json_array_append_new(fits, fit_record(&fit));
  }
  return json_pack("{s:s, s:s, s:o}", "title", title, "diagnosis", text, "fits", fits);
}
