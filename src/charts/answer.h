/* The answer of the workload `factors`, for the charts that show it rather than times. */
#pragma once

#include <stdbool.h>

#include "charts/chart.h"

/* The answer's list of this name, of the set's only case; NULL when the set is something else. An
   element has been looked at by nobody. */
const json_t *answer_list(const struct case_set *set, const char *name);
#define ANSWER_OBSTACLE "it shows the answer of a single case of factors"

/* A whole number, in JSON or in a string, as lists have them; false when it is none. */
bool answer_number(const json_t *object, const char *key, double *number);

/* "the numbers from 2 to 9999999", those of the only case; returns text. */
const char *answer_range_text(const struct case_set *set, char *text, size_t size);
