/* Clocks of different hosts, made comparable. */
#pragma once

#include "mpi/team.h"

/* What to add to this rank's clock_seconds() to read rank 0's clock. 0 on a single host, where all
   processes share one clock. Collective over the team. F. Cristian, "Probabilistic clock
   synchronization", Distributed Computing 3, 1989: the exchange with the shortest round trip bounds
   the error by half that trip. */
double clock_sync_offset(const struct team *team);
