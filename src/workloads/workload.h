/* A workload: an index space [0, items) and a pure function of a range of it.

   A workload's author writes one file and never sees MPI: ranges come in, integers are added to the
   tally, and the pool sees to it that every item is done exactly once on some rank. To add one,
   write the file, export one `const struct workload NAME_workload`, and add NAME to WORKLOADS
   below. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/options.h"
#include "core/outcome.h"
#include "core/range.h"
#include "core/table.h"
#include "core/tally.h"
#include "core/text.h"

/* Everything a workload's functions are given. */
struct job {
  void *parameters; /* the workload's parameters, as its options describe them; the same on all
                       ranks */
  uint64_t seed;    /* --seed */
  uint64_t poll;    /* --poll: items between looks at the early-exit flag; 0: by time. Cuts must be
                       that fine where they can be (see grain) */
  uint64_t workers; /* that will share the work: ranks, times their threads; only for choosing
                        grains */
  const void *shared; /* what load() made, the same bytes on every rank; NULL without load().
                         64-byte aligned, one copy a node, not to be written */
  size_t shared_size;
  void *state; /* the workload's own, made by prepare() and freed by release(). With --threads all
                  workers of a rank read the same one: run() and list() do not write it */
};

/* Bytes that load() hands over; malloc'ed. */
struct blob {
  void *bytes;
  size_t size;
};

struct workload {
  const char *name, *summary;
  const char *item;    /* what one item is, singular: "sample" */
  const char *example; /* arguments that show it off, for help */
  const struct option_row *options;
  size_t parameters_size;

  /* Check parameters against one another, and turn texts into numbers, before MPI starts; may be
     NULL. Every rank does so alike: no files are looked at. */
  enum status (*validate)(void *parameters, struct fault *fault);

  /* Make the job `factor` times as large (items, in all), for weak scaling; false when that would
     be too large. NULL when its jobs have no size. */
  bool (*enlarge)(void *parameters, uint64_t factor);

  /* On rank 0 only: read or make the data that all ranks share; may be NULL. */
  enum status (*load)(const struct job *job, struct blob *blob, struct fault *fault);

  /* On every rank, after load(): set up job->state; may be NULL. */
  enum status (*prepare)(struct job *job, struct fault *fault);

  /* On rank 0, before the run: a line that the user should read first, such as how long it may
     take; an empty one is not shown. May be NULL. */
  void (*note)(const struct job *job, char *text, size_t size);

  uint64_t (*items)(const struct job *job);

  /* Ranges are cut at multiples of this, the least work worth handing out; NULL means 1. */
  uint64_t (*grain)(const struct job *job);

  /* The shortest call of run() that is efficient; calls are cut shorter only at the end of a chunk.
     NULL means the grain. */
  uint64_t (*shortest_call)(const struct job *job);

  /* How much work is in a range, in any unit: for handing out the most expensive first. NULL where
     all items cost about the same, or nobody knows. */
  double (*cost)(const struct job *job, struct range range);

  /* Whether the work needs a core while it is done: where it does not, as many workers as there are
     go on at once, however few the cores. NULL means that it does. */
  bool (*needs_core)(const struct job *job);

  struct tally_shape (*shape)(const struct job *job);

  /* Do the items of a range and add them to the tally. May lower tally->limit. Several threads of a
     rank may be in here at once, each with a tally of its own. */
  enum status (*run)(const struct job *job, struct range range, struct tally *tally,
                     struct fault *fault);

  /* On rank 0: the answer from the merged tally, and its check by an independent way. */
  enum status (*finish)(const struct job *job, const struct tally *tally, struct outcome *outcome,
                        struct fault *fault);

  /* The answer as a table, for text and CSV; NULL when it is no list. */
  void (*tabulate)(const json_t *answer, struct table *table);

  /* Results too many for an answer, a line each, in order: whether they are wanted (*path: the
     file, or NULL for stdout), how many items make a piece of about a megabyte, and a piece. All
     NULL when the workload has no such list. */
  bool (*list_wanted)(const void *parameters, const char **path);
  uint64_t (*list_length)(const struct job *job);
  enum status (*list)(const struct job *job, struct range range, struct text *text,
                      struct fault *fault);

  /* One or two words on the answer, for a line of the suite's table: "54208 primes". */
  void (*brief)(const json_t *answer, char *text, size_t size);

  void (*release)(struct job *job); /* free job->state; may be NULL */
};

/* The registry: one word a workload. */
#define WORKLOADS(X) X(pi) X(primes) X(isprime) X(factors) X(kde) X(fib) X(sleep) X(noop)

#define WORKLOAD_DECLARE(name) extern const struct workload name##_workload;
WORKLOADS(WORKLOAD_DECLARE)
#undef WORKLOAD_DECLARE

/* All of them, ending with NULL, in the order of the registry; and one by name, or NULL. */
extern const struct workload *const workloads[];
const struct workload *workload_find(const char *name);
