/* A finished case as the JSON object that all formats print from (docs/output.md). */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "app/trial.h"

/* Measured times of one case; count 1 for a job that was run once. */
struct timings {
  size_t count;
  const double *parallel; /* seconds, each the slowest rank's */
  const double *skews;    /* seconds between the first rank's start and the last one's */
  const double *serial;   /* seconds of the kernel alone, NULL when it was not measured */
  uint64_t factor; /* the job is so many times as large as the one that the kernel did alone */
};

/* How many of the team's workers can be at work at once: the ideal speedup. */
int case_ideal(const struct team *team, bool needs_core);

/* Times of all rounds: {median, ci95, min, max, outliers, samples}. */
json_t *case_seconds_record(const double *samples, size_t count);

/* Rank 0. The record holds on to the outcome's JSON objects. */
json_t *case_record(const struct trial *trial, const struct outcome *outcome,
                    const struct pool_report *report, const struct timings *timings);

/* Rank 0. The same for a probe; of the options of every job it says only what a probe heeds. Skews
   are not looked at. */
json_t *probe_record(const struct planned_case *planned, const struct team *team,
                     const struct outcome *outcome, uint64_t items, const struct timings *timings);
