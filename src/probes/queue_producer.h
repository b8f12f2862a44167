/* The ranks that feed jobs. */
#pragma once

#include "probes/queue_link.h"
#include "probes/queue_supply.h"

struct queue_producer {
  const struct team *team;
  const struct queue_jobs *jobs;
  const struct queue_numbers *numbers;
  struct queue_supply supply;
  struct inbox asks;
  struct outbox markers;
  uint64_t *credits; /* of each worker */
  int *line;         /* workers with credits, as they asked: a ring */
  int line_head, in_line;
  MPI_Request *sends; /* of each slot of the supply, a ring */
  unsigned sends_head, sending;
  uint64_t limit;           /* jobs below it may be sent */
  bool stopped;             /* send no more jobs */
  int marked, acknowledged; /* workers that the end marker was sent to, and came back from */
};

/* On a fault too, queue_producer_close must follow. */
enum status queue_producer_open(struct queue_producer *producer, const struct queue_jobs *jobs,
                                const struct queue_numbers *numbers, const struct team *team,
                                struct fault *fault);

/* Whatever can be done now; whether that was anything. A job that cannot be made is a fault, after
   which the caller sets `stopped` and goes on. */
bool queue_producer_step(struct queue_producer *producer, struct fault *fault);

/* Whether every worker has acknowledged its end marker. */
bool queue_producer_is_done(struct queue_producer *producer);

void queue_producer_close(struct queue_producer *producer);
