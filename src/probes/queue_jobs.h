/* The job queue over ranks: jobs go out one a message, results come back one a message.

   Ranks 0 to producers-1 feed the jobs in equal shares, the other ranks work, and rank 0 takes the
   results, also while it feeds. A worker keeps a few jobs asked for at every producer (credits).
   When its share is used up, a producer sends every worker an end marker, and each worker
   acknowledges it. With one rank a queue in its memory takes the place of the messages. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ordering.h"
#include "mpi/team.h"

struct queue_jobs {
  uint64_t count;   /* jobs 0 to count-1 */
  size_t payload;   /* bytes that each carries */
  int producers;    /* at least 1; fewer than ranks, or 1 */
  bool feeder;      /* a thread of each producer makes the jobs */
  uint64_t credits; /* jobs that a worker may have asked for and not begun, at each producer; 0:
                       chosen by how long jobs take */
  enum ordering_kind order; /* of take() */

  /* Fill the payload of a job. On the job's producer, with `feeder` by its thread. */
  enum status (*make)(void *data, uint64_t number, void *payload, struct fault *fault);
  /* Do a job. On a worker; the payload is what make() wrote. */
  enum status (*work)(void *data, uint64_t number, const void *payload, uint64_t *result,
                      struct fault *fault);
  /* A result, in the order wished for. On rank 0. */
  enum status (*take)(void *data, uint64_t number, uint64_t result, struct fault *fault);
  void *data;
};

/* On rank 0. */
struct queue_report {
  double seconds;   /* from the synchronised start until every rank was done */
  uint64_t markers; /* end markers sent */
  uint64_t acknowledged;
  uint64_t credits; /* the most that a worker had at a producer */
  int workers;
  uint64_t jobs_min, jobs_max; /* done by a worker */
  double busy_max, busy_total; /* seconds in which a worker had jobs to do */
};

/* Collective. Every job is made, worked on and taken once, or all ranks get a fault that names job,
   rank and host. A fault in any function ends it on all ranks as soon as those jobs are through
   that are being worked on; what is on its way then is dropped. */
enum status queue_run(const struct queue_jobs *jobs, const struct team *team,
                      struct queue_report *report, struct fault *fault);
