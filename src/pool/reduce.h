/* Adding up the ranks' tallies. */
#pragma once

#include "core/tally.h"
#include "mpi/team.h"

/* Collective. Replace every rank's tally by the merged one: sums added, minima and the limit taken
   by minimum, exactly. between(data) is called while waiting (mpi/wait.h). */
void reduce_tally(const struct team *team, struct tally *tally, void (*between)(void *data),
                  void *data);
