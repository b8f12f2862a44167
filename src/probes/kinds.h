/* What probes have in common that try several kinds of something, one after the other: a record of
   each in the facts, and a table of them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "core/fault.h"
#include "core/table.h"

/* What --kind asks for: a kind by its name, or "all" of them. */
bool kinds_all(const char *asked);
bool kinds_wanted(const char *asked, const char *name);

/* Before MPI starts: --kind redis can be had in this build. */
enum status kinds_check_build(const char *asked, struct fault *fault);

/* A server named by --redis (NULL: none) is of use to what --kind asks for. Every rank gets the
   same verdict. probe: its name. */
enum status kinds_check_server(const char *probe, const char *asked, const char *server,
                               struct fault *fault);

/* What was found out about a kind, as far as it is known. */
json_t *kinds_record(const char *name);

/* That it could not be tried here. */
json_t *kinds_left_out(const char *name, const char *reason);

/* Put the records into a probe's facts: a list "kinds", or, where one kind was asked for by name,
   its fields themselves. */
void kinds_put(json_t *facts, json_t *records, bool several);

/* A column of the table: a field of the records, times `scale` when that is not 0. */
struct kinds_column {
  const char *heading, *key;
  double scale;
};

/* columns[] end with a zeroed one. Beside them: the kind, and a note on those that were left out.
   Fields that a record lacks, or that are null, are empty. */
void kinds_tabulate(const json_t *facts, const struct kinds_column *columns, struct table *table);
