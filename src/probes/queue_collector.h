/* Rank 0: takes the results, and says when all is over. */
#pragma once

#include "probes/queue_link.h"

struct queue_collector {
  const struct team *team;
  const struct queue_jobs *jobs;
  const struct queue_numbers *numbers;
  struct ordering ordering;
  struct inbox reports;
  struct outbox control;
  uint64_t told_limit; /* to the other producers */
  bool stopped;        /* results are dropped */
  int ended;           /* ranks that have said their last word */
  int told_last;       /* ranks that were told the last word, from rank 1 on */
  struct queue_report *report;
};

/* On a fault too, queue_collector_close must follow. */
enum status queue_collector_open(struct queue_collector *collector, const struct queue_jobs *jobs,
                                 const struct queue_numbers *numbers, const struct team *team,
                                 struct queue_report *report, struct fault *fault);

/* Whatever can be done now; whether that was anything. Sets `stopped` when any rank failed; a fault
   is rank 0's own, after which the caller sets it. */
bool queue_collector_step(struct queue_collector *collector, struct fault *fault);

/* Jobs below this may be sent. */
uint64_t queue_collector_limit(const struct queue_collector *collector);

/* Whether all other ranks have said their last word. */
bool queue_collector_has_all(const struct queue_collector *collector);

/* Tell the ranks, as far as can be done now, that all is over or that a rank failed; true when
   nothing is left to tell. */
bool queue_collector_dismiss(struct queue_collector *collector, enum queue_word_kind kind);

void queue_collector_close(struct queue_collector *collector);
