/* auto: inside a node the word in shared memory, and between nodes the first rank of each takes
   part in announcements by MPI_Ibcast. On a single node that is the kind `window`. */
#include <stdlib.h>

#include "flags/announcer.h"
#include "flags/flag.h"
#include "flags/node_limit.h"
#include "mpi/call.h"

struct two_levels {
  const struct team *team;
  bool is_leader; /* of several nodes' */
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
  levels->is_leader = team->nodes > 1 && team->node_rank == 0;
  node_limit_reset(team);
  if (levels->is_leader) {
    announcer_open(&levels->announcer, team, team->flag_leaders);
  }
  *flag = levels;
  return STATUS_OK;
}

static uint64_t auto_poll(void *flag) {
  struct two_levels *levels = flag;
  uint64_t limit = node_limit_poll(levels->team);
  if (levels->is_leader) {
    /* Each way only what the other side does not know yet. */
    announcer_lower(&levels->announcer, limit);
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
  if (levels->is_leader) {
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
    /* The leader still passes news on to and from ranks of its node that are not here yet. */
    MPI_Request node_is_here;
    MPI_CALL(MPI_Ibarrier(team->node, &node_is_here));
    wait_for_all(team, 1, &node_is_here, WAIT_BRISK, keep_polling, levels);
    if (levels->is_leader) {
      announcer_close(&levels->announcer);
    } else {
      team_barrier(team, team->comm, WAIT_BRISK);
    }
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
