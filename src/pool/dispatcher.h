/* How ranges of the index space reach ranks. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/range.h"
#include "mpi/team.h"
#include "schedules/schedule.h"

/* What is to be handed out, and how it is cut. The same on all ranks. */
struct hand_out {
  uint64_t items;
  uint64_t grain; /* cuts lie at multiples of this */
  const struct schedule *schedule;
  uint64_t chunk;    /* --chunk in items; 0: the schedule's own choice */
  uint64_t threads;  /* workers of each rank: its main thread draws for them all */
  bool front_loaded; /* the first items are the most expensive ones */
};

/* Seconds: a rank with one thread that works on longer units cannot answer others in time. */
static const double LONGEST_UNIT = 1e-3;

struct dispatcher {
  const char *name, *summary;

  /* Collective, before the clock starts. */
  enum status (*open)(const struct team *team, const struct hand_out *hand_out, void **source,
                      struct fault *fault);

  /* The next range for this rank, never empty; false when there is none left for it. May wait for
     others, and serves them meanwhile; *waited grows by the seconds that took. `unit_seconds`: what
     a grain takes a worker of this rank, 0 if unknown. */
  bool (*next)(void *source, double unit_seconds, struct range *range, double *waited);

  /* Whether next() would not wait, as far as is known; asks for the next range where it must be
     asked for. Never waits. NULL: it hardly ever would. */
  bool (*ready)(void *source, double unit_seconds);

  /* Answer what others ask of this rank. Never waits; called between slices of work and while
     waiting for others. NULL: nobody asks. */
  void (*serve)(void *source);

  /* Rank 0: units handed out so far, to whomever, as far as it knows; never waits. NULL: unknown.
   */
  uint64_t (*handed_out)(const void *source);

  /* This rank draws no more, whether everything is handed out or not: complete what it still has
     under way. Others may still need to be served. NULL: nothing can be. */
  void (*finish)(void *source);

  /* Collective, after every rank has finished. */
  void (*close)(void *source);
};

/* The registry: one word a dispatcher. */
#define DISPATCHERS(X) X(node) X(master) X(rma) X(scatter)
#define DISPATCHER_DECLARE(name) extern const struct dispatcher name##_dispatcher;
DISPATCHERS(DISPATCHER_DECLARE)
#undef DISPATCHER_DECLARE

#define DISPATCHER_NAMES "node|master|rma|scatter"

const struct dispatcher *dispatcher_find(const char *name);

/* All workers of `ranks` ranks, for the schedule. */
uint64_t hand_out_workers(const struct hand_out *hand_out, int ranks);

/* Whether a rank that others ask must leave units to them: it has one thread, which works on them.
 */
bool hand_out_is_too_long(const struct hand_out *hand_out, double unit_seconds);

/* Dispatchers count in units: the grains of the index space. */
uint64_t hand_out_units(const struct hand_out *hand_out);
struct range hand_out_range(const struct hand_out *hand_out, uint64_t first, uint64_t units);

/* The schedule's next chunk, in units: of `remaining` units of `units`, for one of `workers`. */
uint64_t hand_out_chunk(const struct hand_out *hand_out, uint64_t units, uint64_t remaining,
                        uint64_t workers, double weight);
