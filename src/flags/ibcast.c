/* ibcast: rank 0 owns the limit, and every other rank has posted its broadcast in advance. */
#include <stdlib.h>

#include "flags/announcer.h"
#include "flags/flag.h"

static enum status ibcast_open(struct team *team, const struct flag_settings *settings, void **flag,
                               struct fault *fault) {
  (void)settings;
  *flag = flag_allocate(team, sizeof(struct announcer), fault);
  if (*flag == NULL) {
    return fault->status;
  }
  announcer_open(*flag, team, team->flag_comm);
  return STATUS_OK;
}

static void ibcast_lower(void *flag, uint64_t limit) {
  announcer_lower(flag, limit);
}

static uint64_t ibcast_poll(void *flag) {
  return announcer_poll(flag);
}

static void ibcast_close(void *flag, struct fault *fault) {
  (void)fault;
  announcer_close(flag);
  free(flag);
}

const struct flag_kind ibcast_flag = {
    .name = "ibcast",
    .summary = "MPI_Ibcast from rank 0, posted in advance by everyone",
    .open = ibcast_open,
    .lower = ibcast_lower,
    .poll = ibcast_poll,
    .close = ibcast_close,
};
