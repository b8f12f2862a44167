/* Starting on all ranks at the same moment. */
#pragma once

#include "mpi/team.h"

/* Collective. Returns at the same time on all ranks: to a microsecond where each has a core, as
   well as the system wakes sleepers where not, and between hosts as well as their clocks are
   known. (A barrier lets ranks go one after the other, over a millisecond where they sleep.) */
void start_together(const struct team *team);
