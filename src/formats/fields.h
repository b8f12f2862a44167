/* Reading fields of a case's record, for the formats made for people and spreadsheets. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/table.h"

/* A number inside the record: fields_number(record, "seconds", "median"); inner may be NULL. NAN
   when it is not there. */
double fields_number(const json_t *record, const char *key, const char *inner);

/* A scalar as text: 3.25, 12, strings as they are, "yes" and "no", "none" for null. Real numbers
   with at most `digits` digits, or, with 0, as many as it takes to read the same number back. */
const char *fields_text(const json_t *value, int digits, char *text, size_t size);

/* A list of objects with the same scalar fields as a table of a row each; no columns when it is no
   such list. The table holds on to the fields' names, not longer than the list is there. */
void fields_list(const json_t *list, struct table *table);

/* "4 ranks", or "4 ranks x 2 threads". */
const char *fields_workers(double ranks, double threads, char *text, size_t size);

/* A text of the record's; "" when it is not there. */
const char *fields_word(const json_t *record, const char *key);

/* A probe's record: of the options of every job it has only those that a probe heeds. */
bool fields_is_of_probe(const json_t *record);

/* Whether it was measured what memory allows the ranks over one alone. */
bool fields_has_memory_bound(const json_t *record);
