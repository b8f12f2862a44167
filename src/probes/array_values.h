/* What stands in the array, and counting how often. */
#pragma once

#include <stdint.h>

/* What all values are at first. */
#define ARRAY_DEFAULT 42.0

/* What a rank writes: its number. From 42 on it is the next one, so that no rank's value is the
   default and a row that was left out is always seen. */
double array_mark(int rank);

/* How often each value occurs: ranks + 2 counts, first those of each rank's mark. */
enum { ARRAY_DEFAULTS, ARRAY_STRANGERS, ARRAY_OTHER_COUNTS };

/* Add to the counts. Fast where neighbours are alike. */
void array_count_values(const double *values, uint64_t count, int ranks, uint64_t *counts);
