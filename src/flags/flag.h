/* Early exit: how ranks tell one another that part of the work is not needed any more.

   A flag carries one number, the limit: items at or above it are not needed. It starts at
   UINT64_MAX and only falls; 0 stops everybody. A rank lowers it with what it found, and sees by
   polling what others found. */
#pragma once

#include <stdint.h>

#include "core/fault.h"
#include "mpi/team.h"

struct flag_kind {
  const char *name, *summary;

  /* Collective. Make ready for one job. */
  enum status (*open)(struct team *team, void **flag, struct fault *fault);

  /* Any rank, any number of times. Does not wait. */
  void (*lower)(void *flag, uint64_t limit);

  /* The lowest limit known here. Any rank; never waits. Must be called regularly by everybody until
     close: some kinds pass others' news on. */
  uint64_t (*poll)(void *flag);

  /* Collective. Complete everything under way, and free the flag. */
  void (*close)(void *flag);
};

/* The registry: one word a kind. */
#define FLAG_KINDS(X) X(ibcast) X(none)
#define FLAG_DECLARE(name) extern const struct flag_kind name##_flag;
FLAG_KINDS(FLAG_DECLARE)
#undef FLAG_DECLARE

#define FLAG_NAMES "auto|ibcast|none" /* what --flag accepts */

/* A kind by name, or NULL. "auto" is the best one for this team: ibcast. */
const struct flag_kind *flag_kind_find(const char *name);
