/* Where a result was made. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "mpi/team.h"

/* What every result document says of the machine and the program. Rank 0. */
json_t *environment_record(const struct team *team);

/* parbench --version: the program, its libraries, and which optional parts are built in. */
void environment_print_version(FILE *out);

const char *environment_version(void); /* "0.1.0" */
