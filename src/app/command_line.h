/* From the command line to a plan of what to do. Needs no MPI. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/fault.h"
#include "workloads/workload.h"

enum command {
  COMMAND_SUITE,   /* parbench: every core workload, measured */
  COMMAND_RUN,     /* parbench WORKLOAD ...: one job, once */
  COMMAND_LIST,    /* parbench list */
  COMMAND_HELP,    /* parbench help [WORKLOAD], --help */
  COMMAND_VERSION, /* parbench --version */
};

/* Options of every job. */
struct common {
  char *dispatch, *schedule; /* schedule NULL: the dispatcher's own */
  uint64_t chunk;            /* items; 0: the schedule's own choice */
  char *order;
  char *flag;
  char *redis;   /* HOST:PORT; NULL: the environment's */
  uint64_t poll; /* items between looks at the flag; 0: by time */
  uint64_t seed;
  char *format;
  char *output; /* NULL: stdout */
  char *json;   /* NULL: none */
  bool verbose;
};

extern const struct option_row common_options[];

/* One job to do. */
struct planned_case {
  const struct workload *workload;
  void *parameters; /* owned */
  char *title;      /* "pi --samples 1e8", as typed; owned */
};

struct plan {
  enum command command;
  const struct workload *topic; /* of help; NULL: all */
  struct common common;
  struct planned_case *cases;
  size_t count;
};

/* Parse argv. On a fault (always STATUS_USAGE, or out of memory) the plan holds nothing but needs
   plan_free all the same. */
enum status command_line_parse(int argc, char *const *argv, struct plan *plan, struct fault *fault);

void plan_free(struct plan *plan);
