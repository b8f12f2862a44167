/* window: an atomic minimum in memory that the ranks of a node share. */
#include <stdlib.h>

#include "flags/flag.h"
#include "flags/node_limit.h"

struct window {
  const struct team *team;
};

static enum status window_open(struct team *team, const struct flag_settings *settings, void **flag,
                               struct fault *fault) {
  (void)settings;
  if (team->nodes > 1) { /* every rank knows it */
    return fault_set(fault, STATUS_USAGE,
                     "--flag: window reaches one node only, and the ranks are on %d: accepted are "
                     "auto (window inside each node), ibcast, rma, server, redis and none",
                     team->nodes);
  }
  struct window *window = flag_allocate(team, sizeof *window, fault);
  if (window == NULL) {
    return fault->status;
  }
  window->team = team;
  node_limit_reset(team);
  *flag = window;
  return STATUS_OK;
}

static void window_lower(void *flag, uint64_t limit) {
  const struct window *window = flag;
  node_limit_lower(window->team, limit);
}

static uint64_t window_poll(void *flag) {
  const struct window *window = flag;
  return node_limit_poll(window->team);
}

static void window_close(void *flag, struct fault *fault) {
  (void)fault;
  free(flag);
}

const struct flag_kind window_flag = {
    .name = "window",
    .summary = "an atomic minimum in shared memory; one node",
    .open = window_open,
    .lower = window_lower,
    .poll = window_poll,
    .close = window_close,
};
