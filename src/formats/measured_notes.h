/* What stands below a table of measured cases: what each rank did, what was made of the figures,
   how they were taken, and what the columns mean. */
#pragma once

#include <stdio.h>

#include "formats/format.h"

void measured_notes_print(const struct report *report, FILE *out);
