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
  COMMAND_MEASURE, /* parbench measure WORKLOAD ...: time it */
  COMMAND_SCALE,   /* parbench scale WORKLOAD ...: on 1, 2, 4 ... ranks */
  COMMAND_SWEEP,   /* parbench sweep WORKLOAD ... --vary OPTION=LIST */
  COMMAND_TOOL,    /* parbench compare ...: work on files, without ranks */
  COMMAND_LIST,    /* parbench list */
  COMMAND_HELP,    /* parbench help [WORKLOAD|PROBE|TOOL], --help */
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
  bool timeline;
  char *progress;
};

enum { COMMON_OPTIONS_MOST = 32 };
extern const struct option_row common_options[];

/* Options of measuring: of the suite, measure, scale and sweep. */
struct study {
  char *rel;                /* "5%": repeat until the interval of the median is that narrow */
  char *max_time;           /* "20s": but no longer */
  char *ranks;              /* scale: "1,2,8"; NULL: 1, 2, 4 ... and all */
  bool weak;                /* scale: the job grows with the ranks */
  char *vary;               /* sweep: only for help; the lists are taken apart by app/variation.h */
  double relative, seconds; /* from rel and max_time */
};

/* What each of those commands accepts of them; empty for other commands. */
const struct option_row *study_options(enum command command);

/* One job to do. */
struct planned_case {
  struct subject subject;
  const struct common *common; /* the options it is done with: the plan's, or its own */
  struct common *own_common;   /* owned; NULL: it is done with the plan's */
  char *label;                 /* "chunk=8 order=random": what a sweep varies; NULL: nothing */
  int ranks;                   /* how many do it; 0: all */
  void *parameters;            /* owned */
  char *title;                 /* "pi --samples 1e8", as typed; owned */
  const char *argument; /* of a repeated argument the value that makes this case; NULL: none */
};

struct plan {
  enum command command;
  const char *const *typed;   /* the command line up to a NULL, not owned; NULL: unknown */
  struct subject topic;       /* of help; without a name: all, or */
  enum command topic_command; /* measure, scale or sweep; else COMMAND_SUITE */
  struct common common;
  struct study study;
  struct planned_case *cases;
  size_t count;
};

/* The command of a word ("measure"), or COMMAND_RUN for another. */
enum command plan_command(const char *word);

/* Whether a command works on ranks, so that MPI must be started. */
static inline bool plan_needs_ranks(enum command command) {
  return command <= COMMAND_SWEEP;
}

/* The most threads a rank that any case wants. */
int plan_most_threads(const struct plan *plan);

/* Whether what was asked for goes together; takes the study's numbers from its texts. */
enum status plan_check(struct plan *plan, struct fault *fault);

void plan_free(struct plan *plan);
