/* What is to be done: the command, its cases, and the options of every job. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/subject.h"
#include "core/fault.h"

enum command {
  COMMAND_SUITE,   /* parbench: every core workload, measured */
  COMMAND_RUN,     /* parbench WORKLOAD|PROBE ...: one job, once */
  COMMAND_LIST,    /* parbench list */
  COMMAND_HELP,    /* parbench help [WORKLOAD|PROBE], --help */
  COMMAND_VERSION, /* parbench --version */
};

/* Options of every job. */
struct common {
  char *dispatch, *schedule; /* schedule NULL: the dispatcher's own */
  uint64_t chunk;            /* items; 0: the schedule's own choice */
  char *order;
  char *flag;
  char *redis;      /* HOST:PORT; NULL: the environment's */
  uint64_t poll;    /* items between looks at the flag; 0: by time */
  uint64_t threads; /* workers of each rank */
  uint64_t seed;
  char *format;
  char *output; /* NULL: stdout */
  char *json;   /* NULL: none */
  bool verbose;
};

enum { COMMON_OPTIONS_MOST = 32 };
extern const struct option_row common_options[];

/* One job to do. */
struct planned_case {
  struct subject subject;
  void *parameters; /* owned */
  char *title;      /* "pi --samples 1e8", as typed; owned */
};

struct plan {
  enum command command;
  struct subject topic; /* of help; without a name: all */
  struct common common;
  struct planned_case *cases;
  size_t count;
};

/* Whether what was asked for goes together. Needs no MPI. */
enum status plan_check(const struct plan *plan, struct fault *fault);

void plan_free(struct plan *plan);
