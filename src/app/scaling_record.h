/* The analysis of a scaled case as JSON, beside the cases' records. */
#pragma once

#include <jansson.h>

#include "app/scaling.h"
#include "app/study.h"

/* Rank 0. The points of entries [0, count) after study_run; clock_drop as census_clock_drop gave
 * it.
 */
struct scaling scaling_of_study(const struct study_entry *entries, size_t count,
                                const struct study_result *result, double clock_drop);

/* {title, diagnosis, fits: [{law, parameters: {name: {value, ci95}}, misfit} or {law, refused}]} */
json_t *scaling_record(const char *title, const struct scaling *scaling);
