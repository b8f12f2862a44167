/* A rank's crew: T workers that share what the rank's main thread draws. The main thread alone
   calls MPI. It keeps a ring (pool/ring.h) of drawn ranges filled, passes the early exit's limit
   on, and serves other ranks; between these duties, while they leave it the time, it is one of the
   workers. While units of work are so long that it could not answer in time, it only manages and
   sleeps, and a substitute thread works in its place: T threads work in either case. */
#pragma once

#include "core/tally.h"
#include "flags/flag.h"
#include "mpi/team.h"
#include "pool/dispatcher.h"
#include "pool/route.h"
#include "pool/slices.h"

enum { CREW_MOST = 1024 }; /* workers of a rank */

/* What a crew works with. It must stay as it is until crew_close. */
struct crew_plan {
  const struct team *team;
  const struct dispatcher *dispatcher;
  void *source; /* the dispatcher's */
  const struct route *route;
  const struct flag_kind *flag_kind;
  void *flag;
  const struct watch *watch;  /* rank 0; NULL: nobody watches */
  const struct worker *model; /* a worker ready to start; each of the crew begins as a copy */
  int threads;                /* T, 2 ... CREW_MOST */
};

struct crew;

/* Start the threads, which then wait. Not collective. NULL and a fault when one cannot be started.
 */
struct crew *crew_open(const struct crew_plan *plan, struct fault *fault);

/* Once, the main thread: do everything this rank is handed. The fault names the thread and the
   range. */
enum status crew_work(struct crew *crew, struct fault *fault);

/* What the crew did, after crew_work: tallies added to `tally`, and the facts. */
void crew_add_up(const struct crew *crew, struct tally *tally, struct labour *labour);

/* End the threads. NULL: nothing to do. */
void crew_close(struct crew *crew);
