/* What each rank did, as tables for people. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "formats/format.h"

/* Whether the record tells of single ranks: with -v or --timeline. */
bool rank_tables_have(const struct report_row *row);

/* With -v a line a rank. With --timeline a line a rank or, of many, for ranks in a row, and a
   column for each tenth of the run: the percent of that time for which a rank had a core for its
   work; and the cores in use. */
void rank_tables_print(const struct report_row *row, FILE *out);
