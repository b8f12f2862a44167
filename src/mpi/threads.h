/* Threads beside ranks: whether MPI allows them, and whether they find cores. */
#pragma once

#include <stddef.h>

#include "core/fault.h"
#include "mpi/team.h"

/* Collective. From now on every rank has `threads` workers (1 or more), of which only the main
   thread calls MPI: team->threads and team->oversubscribed are set. `warning`: on rank 0 a line on
   the first rank that is bound to fewer cores than it has threads while its host has more; else
   empty. */
enum status team_set_threads(struct team *team, int threads, char *warning, size_t size,
                             struct fault *fault);
