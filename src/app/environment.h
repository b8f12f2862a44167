/* Where a result was made. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "app/hosts.h"
#include "mpi/team.h"

/* Collective. What every result document says of the machines and the program (docs/output.md),
 *into record on rank 0, NULL on the others. `typed`: the command line up to a NULL; may be NULL. */
enum status environment_record(const struct team *team, const char *const *typed, json_t **record,
                               struct fault *fault);

/* The same of facts that are known: hosts[team->nodes]. One process. */
json_t *environment_of(const struct team *team, const struct host_facts *hosts,
                       const char *const *typed);

/* parbench --version: the program, its libraries, and which optional parts are built in. */
void environment_print_version(FILE *out);

const char *environment_version(void); /* "0.1.0" */
