/* One counter that all ranks add to, and the ways to keep it.

   To add a way, write a `const struct counter_kind NAME_counter` and add NAME to COUNTER_KINDS
   below. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "mpi/team.h"

/* Where a counter is to be kept. */
struct counter_place {
  struct team *team;
  const char *file;  /* a file to make; NULL: one with a name of its own in a folder for such */
  const char *redis; /* rank 0's HOST:PORT of a server; NULL: the environment's */
};

struct counter_kind {
  const char *name, *summary;
  bool safe;     /* no increment may be lost */
  bool one_node; /* needs memory that all ranks share: open is not called on several nodes */
  size_t size;   /* of its state, which comes zeroed; its own on every rank */

  /* Collective. The counter is 0 afterwards. All ranks get the same verdict; after a fault nothing
     is open. */
  enum status (*open)(void *state, const struct counter_place *place, struct fault *fault);

  /* Any rank: add 1. Returns when it is counted (or lost). */
  enum status (*add)(void *state, struct fault *fault);

  /* Any rank, again and again while others still add; true when it did something for one of them,
     or may be about to: then it does not sleep. NULL: they need nobody. */
  bool (*serve)(void *state);

  /* On rank 0, when no rank adds any more. */
  enum status (*read)(void *state, uint64_t *value, struct fault *fault);

  /* Collective. */
  void (*close)(void *state);
};

/* The registry: one word a kind. */
#define COUNTER_KINDS(X)                                                                           \
  X(file)                                                                                          \
  X(file_lock)                                                                                     \
  X(window)                                                                                        \
  X(window_lock)                                                                                   \
  X(atomic)                                                                                        \
  X(fetch_and_op)                                                                                  \
  X(win_lock)                                                                                      \
  X(server)                                                                                        \
  X(redis)

#define COUNTER_DECLARE(name) extern const struct counter_kind name##_counter;
COUNTER_KINDS(COUNTER_DECLARE)
#undef COUNTER_DECLARE

/* All of them, ending with NULL, in the order of the registry. */
extern const struct counter_kind *const counter_kinds[];

/* Their names, as --kind takes them. */
#define COUNTER_KIND_NAMES                                                                         \
  "file|file-lock|window|window-lock|atomic|fetch-and-op|win-lock|server|redis"
