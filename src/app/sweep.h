/* The cases of a sweep: every combination of the values that --vary lists. */
#pragma once

#include <stdbool.h>

#include "app/plan.h"

/* Whether the command line is a sweep's, and no request for help. */
bool sweep_is_asked_for(int argc, char *const *argv);

/* Parse it: as command_line_parse (app/command_line.h), one case a combination, in the order of the
   lists, the last one varying fastest. */
enum status sweep_parse(int argc, char *const *argv, struct plan *plan, struct fault *fault);
