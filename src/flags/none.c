/* none: nobody hears of anybody's finds; each rank still stops at its own. What early exit saves is
   measured against it. */
#include <stdlib.h>

#include "flags/flag.h"

static enum status none_open(struct team *team, const struct flag_settings *settings, void **flag,
                             struct fault *fault) {
  (void)settings;
  uint64_t *limit = flag_allocate(team, sizeof *limit, fault);
  if (limit == NULL) {
    return fault->status;
  }
  *limit = UINT64_MAX;
  *flag = limit;
  return STATUS_OK;
}

static void none_lower(void *flag, uint64_t limit) {
  uint64_t *own = flag;
  *own = limit < *own ? limit : *own;
}

static uint64_t none_poll(void *flag) {
  return *(uint64_t *)flag;
}

static void none_close(void *flag, struct fault *fault) {
  (void)fault;
  free(flag);
}

const struct flag_kind none_flag = {
    .name = "none",
    .summary = "no early exit between ranks",
    .open = none_open,
    .lower = none_lower,
    .poll = none_poll,
    .close = none_close,
};
