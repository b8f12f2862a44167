#include "probes/start.h"

#include <math.h>

#include "core/clock.h"
#include "kernels/spend.h"

/* Long enough for all ranks to have heard of the moment, also those that looked away. The end of
   the sleep is left to looking at the clock, but not for ever: in a simulation it stands still. */
static const double AHEAD = 2e-3, AHEAD_CROWDED = 10e-3, LOOKING = 100e-6;
enum { MOST_LOOKS = 10000 };

void start_together(const struct team *team) {
  double start = clock_seconds() + team->clock_offset;
  team_reduce(team, &start, 1, MPI_MAX);
  start += (team->oversubscribed ? AHEAD_CROWDED : AHEAD) - team->clock_offset;
  struct spender spender;
  spend_start(&spender, false);
  spend(&spender, fmax(0, start - LOOKING - spender.deadline));
  spend_stop();
  for (int i = 0; i < MOST_LOOKS && !team->oversubscribed && clock_seconds() < start; i++) {
  }
}
