/* What the queue's ranks say to one another, and the numbers all of them know.

   producer -> worker  TAG_JOB      a struct queue_message: a job or an end marker
   worker -> producer  TAG_ASK      a struct queue_ask: more credits, or the end marker acknowledged
   anyone -> rank 0    TAG_REPORT   a struct queue_word: results, a failure, and last how it went
   rank 0 -> anyone    TAG_CONTROL  a struct queue_word: how far producers may go; last OVER or STOP

   The end: a producer is done when every worker has acknowledged its end marker, a worker when
   every producer's marker has come. Then each reports WORKED or FED, its last word, and stays until
   rank 0, which waits for all of those, says OVER. A failure only shortens this: rank 0 says STOP
   instead, as soon as it hears of it, producers send their end markers at once, and workers drop
   the jobs that still come. So every message is received, whatever happens. */
#pragma once

#include "mpi/mailbox.h"
#include "probes/queue_jobs.h"

enum { TAG_JOB = 200, TAG_ASK, TAG_REPORT, TAG_CONTROL };

struct queue_ask {
  uint64_t credits; /* ACKNOWLEDGED: the end marker came; nothing will be asked any more */
};
static const uint64_t ACKNOWLEDGED = 0;

enum queue_word_kind {
  RESULT, /* of job a: b */
  FAILED, /* the sender keeps the reason until all ranks agree on it */
  WORKED, /* a jobs, b nanoseconds busy, c credits at most */
  FED,    /* a end markers sent, b acknowledged */
  LIMIT,  /* jobs below a may be sent */
  STOP,   /* someone failed */
  OVER,   /* all is done */
};

struct queue_word {
  uint64_t kind;
  uint64_t a, b, c;
};

/* The same on all ranks. */
struct queue_numbers {
  int workers;      /* ranks producers .. size-1 */
  uint64_t credits; /* the most that a worker has at one producer */
  uint64_t least;   /* and the least that it begins with */
  unsigned slots;   /* jobs that a producer holds */
  uint64_t window;  /* of ORDERING_INPUT */
  uint64_t limit;   /* jobs below it may be sent from the start */
};

/* A rank's line to rank 0; rank 0 itself has none, it is its own collector. */
struct queue_line {
  struct outbox reports;
  struct inbox control;
  bool over;           /* rank 0 said OVER or STOP */
  bool stopped;        /* a rank failed, this one or another: finish without doing any more */
  bool said_failed;    /* rank 0 was told that it was this one */
  bool said_last_word; /* WORKED or FED */
};
