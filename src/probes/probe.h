/* A probe: a study of communication itself. What a workload never sees, a probe is about: it gets
   the team and may use MPI.

   To add one, write the file, export one `const struct probe NAME_probe`, and add NAME to PROBES
   below. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/options.h"
#include "core/outcome.h"
#include "core/table.h"
#include "core/text.h"
#include "mpi/team.h"

/* Everything that a run is given. */
struct probe_job {
  struct team *team;
  const void *parameters;        /* as the probe's options describe them; the same on all ranks */
  uint64_t seed;                 /* --seed */
  const char *redis;             /* --redis, where it is heeded; NULL: not given */
  const struct text_sink *lines; /* where the list goes; on rank 0, and only when it is wanted */
};

/* What a run was, on rank 0. */
struct probe_report {
  uint64_t items;
  double seconds; /* from the synchronised start until the last rank was done */
};

struct probe {
  const char *name, *summary;
  const char *item;    /* what one item is, singular: "job" */
  const char *example; /* arguments that show it off, for help */
  const struct option_row *options;
  size_t parameters_size;

  /* Its time says something, so that it can be measured, scaled and swept. */
  bool measurable;

  /* The ranks share one job, whose size does not depend on them: one rank alone is the baseline
     that they are compared with. */
  bool shares_job;

  /* It moves memory rather than computes: `scale` shows what memory allows it. */
  bool bound_by_memory;

  /* Options of every job that it heeds beside --seed and those of the output, ending with NULL;
     may be NULL. The others are refused. */
  const char *const *heeds;

  /* Check parameters against one another, and turn texts into numbers, before MPI starts; may be
     NULL. Every rank does so alike: no files are looked at. */
  enum status (*validate)(void *parameters, struct fault *fault);

  /* Collective. Do it once; all ranks return the same status (team_agree). On rank 0 the outcome
     comes with empty objects and is to be filled, and so is the report; a fault leaves both as they
     are. */
  enum status (*run)(const struct probe_job *job, struct outcome *outcome,
                     struct probe_report *report, struct fault *fault);

  /* The answer as a table, for text and CSV; NULL when it is no list. */
  void (*tabulate)(const json_t *answer, struct table *table);

  /* What the run found as a table, for text and CSV, which then show it instead of the facts one by
     one; NULL when it is no list. */
  void (*tabulate_run)(const json_t *facts, struct table *table);

  /* Whether a line an item is wanted beside the answer (*path: the file, or NULL for stdout); NULL
     when the probe has no such list. */
  bool (*list_wanted)(const void *parameters, const char **path);

  /* One or two words on the answer. */
  void (*brief)(const json_t *answer, char *text, size_t size);
};

/* The registry: one word a probe. */
#define PROBES(X) X(queue) X(counter) X(flag) X(array) X(doctor)

#define PROBE_DECLARE(name) extern const struct probe name##_probe;
PROBES(PROBE_DECLARE)
#undef PROBE_DECLARE

/* All of them, ending with NULL, in the order of the registry. */
extern const struct probe *const probes[];
