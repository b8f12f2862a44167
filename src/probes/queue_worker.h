/* The ranks that work. */
#pragma once

#include "probes/queue_link.h"

/* What a worker has going with one producer. */
struct queue_source {
  struct inbox jobs;
  uint64_t asked;    /* jobs asked for and not begun */
  bool marker, told; /* the end marker came; and was acknowledged */
};

struct queue_worker {
  const struct queue_jobs *jobs;
  const struct queue_numbers *numbers;
  struct queue_line *line;
  struct queue_source *sources; /* one a producer */
  struct outbox asks;
  int turn;
  uint64_t wanted; /* credits at each producer, at present */
  uint64_t most_wanted;
  double job_seconds; /* what a job takes, lately; 0: not known */
  uint64_t done;
  double busy; /* seconds */
};

/* On a fault too, queue_worker_close must follow. */
enum status queue_worker_open(struct queue_worker *worker, const struct queue_jobs *jobs,
                              const struct queue_numbers *numbers, struct queue_line *line,
                              const struct team *team, struct fault *fault);

/* Whatever can be done now; whether that was anything. A job that fails is a fault, after which the
   caller sets line->stopped and goes on. */
bool queue_worker_step(struct queue_worker *worker, struct fault *fault);

/* Whether every producer's end marker came and was acknowledged. */
bool queue_worker_is_done(struct queue_worker *worker);

void queue_worker_close(struct queue_worker *worker);
