/* auto: inside a node the word in shared memory; between nodes rank 0 announces by MPI_Ibcast to
   the first rank of each, and any rank reports to it directly. On a single node that is the kind
   `window`. */
#include <stdlib.h>

#include "flags/announcer.h"
#include "flags/flag.h"
#include "flags/node_limit.h"
#include "mpi/call.h"

struct two_levels {
  const struct team *team;
  struct announcer announcer;
};

static enum status auto_open(struct team *team, const struct flag_settings *settings, void **flag,
                             struct fault *fault) {
  (void)settings;
  struct two_levels *levels = flag_allocate(team, sizeof *levels, fault);
  if (levels == NULL) {
    return fault->status;
  }
  levels->team = team;
  node_limit_reset(team);
  if (team->nodes > 1) {
    announcer_open(&levels->announcer, team, team->flag_leaders);
  }
  *flag = levels;
  return STATUS_OK;
}

/* The others of rank 0's node need no messages: it learns of their finds from the node's memory,
   sooner. */
static bool takes_part(const struct team *team) {
  return team->nodes > 1 && (team->rank == 0 || team->node_leader != 0);
}

static uint64_t auto_poll(void *flag) {
  struct two_levels *levels = flag;
  uint64_t limit = node_limit_poll(levels->team);
  if (takes_part(levels->team)) {
    if (levels->team->rank == 0) {
      announcer_lower(&levels->announcer, limit);
    }
    uint64_t heard = announcer_poll(&levels->announcer);
    if (heard < limit) {
      node_limit_lower(levels->team, heard);
      limit = heard;
    }
  }
  return limit;
}

static void auto_lower(void *flag, uint64_t limit) {
  struct two_levels *levels = flag;
  node_limit_lower(levels->team, limit);
  if (takes_part(levels->team)) {
    announcer_lower(&levels->announcer, limit);
  }
}

static void keep_polling(void *flag) {
  auto_poll(flag);
}

static void auto_close(void *flag, struct fault *fault) {
  struct two_levels *levels = flag;
  const struct team *team = levels->team;
  (void)fault;
  if (team->nodes > 1) {
    /* The first rank still passes news on to those of its node that are not here yet. */
    MPI_Request node_is_here;
    MPI_CALL(MPI_Ibarrier(team->node, &node_is_here));
    wait_for_all(team, 1, &node_is_here, WAIT_BRISK, keep_polling, levels);
    announcer_close(&levels->announcer);
  }
  free(levels);
}

const struct flag_kind auto_flag = {
    .name = "auto",
    .summary = "window inside a node, ibcast among one rank of each",
    .open = auto_open,
    .lower = auto_lower,
    .poll = auto_poll,
    .close = auto_close,
};
