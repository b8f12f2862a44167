/* Early exit: how ranks tell one another that part of the work is not needed any more.

   A flag carries one number, the limit: items at or above it are not needed. It starts at
   UINT64_MAX and only falls; 0 stops everybody. A rank lowers it with what it found, and sees by
   polling what others found. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "mpi/team.h"

/* What some kinds must be told. Zeroed: nothing. */
struct flag_settings {
  const char *redis; /* rank 0's HOST:PORT of a server; NULL: the environment's */
};

struct flag_kind {
  const char *name, *summary;

  /* Collective. Make ready for one job. All ranks get the same verdict; after a fault nothing is
     open on any. */
  enum status (*open)(struct team *team, const struct flag_settings *settings, void **flag,
                      struct fault *fault);

  /* Any rank, any number of times. Does not wait. */
  void (*lower)(void *flag, uint64_t limit);

  /* The lowest limit known here. Any rank; never waits. Must be called regularly by everybody until
     close: some kinds pass others' news on. A flag that has failed tells everybody to stop. */
  uint64_t (*poll)(void *flag);

  /* Collective. Complete everything under way, and free the flag. Fills *fault on a rank where the
     flag failed, unless it holds a fault already. */
  void (*close)(void *flag, struct fault *fault);
};

/* The registry: one word a kind. */
#define FLAG_KINDS(X) X(auto) X(ibcast) X(window) X(rma) X(server) X(redis) X(none)
#define FLAG_DECLARE(name) extern const struct flag_kind name##_flag;
FLAG_KINDS(FLAG_DECLARE)
#undef FLAG_DECLARE

#define FLAG_NAMES "auto|ibcast|window|rma|server|redis|none" /* what --flag accepts */

/* A kind by name, or NULL. */
const struct flag_kind *flag_kind_find(const char *name);

/* For kinds: zeroed memory of this rank's flag. Collective: NULL on all ranks, with the fault, when
   one lacks it. team NULL: this rank alone. */
void *flag_allocate(const struct team *team, size_t size, struct fault *fault);
