/* The commands that do work on all ranks. Collective. */
#pragma once

#include <stdbool.h>

#include "app/command_line.h"
#include "mpi/team.h"

/* Do the plan's cases: once each, or (the suite) measured. *right: every check was ok. */
enum status run_plan(const struct plan *plan, struct team *team, bool *right, struct fault *fault);
