/* The commands that need no ranks. */
#pragma once

#include <stdio.h>

#include "app/command_line.h"

void info_print_list(FILE *out);

/* Help on one workload or probe, or, when the topic has no name, on everything. */
void info_print_help(const struct subject *topic, enum command command, FILE *out);
