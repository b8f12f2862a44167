/* Printing a comparison. */
#pragma once

#include <stdio.h>

#include "results/comparison.h"

/* How: percent is that of --fail-if-slower, NAN without. */
typedef void comparison_printer(const struct comparison *comparison, double percent, FILE *out);

comparison_printer comparison_print_text, comparison_print_csv, comparison_print_json;
