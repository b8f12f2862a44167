/* From the command line to a plan of what to do. Needs no MPI. */
#pragma once

#include "app/plan.h"

/* Parse argv. On a fault (always STATUS_USAGE, or out of memory) the plan holds nothing but needs
   plan_free all the same. */
enum status command_line_parse(int argc, char *const *argv, struct plan *plan, struct fault *fault);

/* The same for a line without --vary: what a sweep does with one value of each. */
enum status command_line_parse_case(int argc, char *const *argv, struct plan *plan,
                                    struct fault *fault);
