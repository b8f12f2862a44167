/* How ranges of the index space reach ranks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/range.h"
#include "mpi/team.h"

struct dispatcher {
  const char *name, *summary;

  /* Collective. Make ready to hand out [0, items), cut at multiples of grain. */
  enum status (*open)(const struct team *team, uint64_t items, uint64_t grain, void **source,
                      struct fault *fault);

  /* The next range for this rank, never empty; false when there is none left for it. */
  bool (*next)(void *source, struct range *range);

  /* Collective. */
  void (*close)(void *source);
};

/* The registry: one word a dispatcher. */
#define DISPATCHERS(X) X(scatter)
#define DISPATCHER_DECLARE(name) extern const struct dispatcher name##_dispatcher;
DISPATCHERS(DISPATCHER_DECLARE)
#undef DISPATCHER_DECLARE
