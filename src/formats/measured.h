/* Measured cases as a table for people, a line a case: the suite, measure, scale and sweep. */
#pragma once

#include <stdio.h>

#include "formats/format.h"

void measured_begin(const struct report *report, FILE *out);
void measured_row(const struct report *report, size_t index, FILE *out);
void measured_end(const struct report *report, FILE *out);
