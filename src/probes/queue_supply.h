/* A producer's jobs, made one after the other in memory that holds a few: by the caller when it
   asks for the next one, or ahead of it by a thread. */
#pragma once

#include <pthread.h>

#include "probes/queue_jobs.h"

/* A job as it is sent, or an end marker, which has no payload. */
struct queue_message {
  uint64_t number;
  uint64_t checksum;
  unsigned char payload[];
};

static const uint64_t QUEUE_END_MARKER = UINT64_MAX;

struct queue_supply {
  const struct queue_jobs *jobs;
  uint64_t first, stride, count; /* the share: first + i * stride, i < count */
  uint64_t taken;
  uint64_t released; /* counted by the caller, told to the feeder now and then */
  uint64_t seen;     /* made, as the caller last saw it */
  unsigned slots;
  size_t slot_size;
  char *messages;
  struct fault fault; /* in making a job; read by the caller once queue_supply_failed says so */

  bool has_thread;
  pthread_t thread;
  pthread_mutex_t mutex; /* of what follows */
  pthread_cond_t room;
  uint64_t made, freed;
  bool failed, stopped;
};

size_t queue_supply_slot_size(size_t payload);

enum status queue_supply_open(struct queue_supply *supply, const struct queue_jobs *jobs,
                              uint64_t first, uint64_t stride, unsigned slots, struct fault *fault);

/* The number of the next job; at least jobs->count when the share is used up. */
uint64_t queue_supply_number(const struct queue_supply *supply);

/* The next job, which stays where it is until it is released; NULL while every slot is taken, the
   thread is behind, or making a job has failed, and when the share is used up. Never waits. */
const struct queue_message *queue_supply_next(struct queue_supply *supply);

/* What becomes of the message in the end: see that it came through, and do the job. */
enum status queue_message_work(const struct queue_jobs *jobs, const struct queue_message *message,
                               uint64_t *result, struct fault *fault);

/* Whether making a job failed; then *fault says how. */
bool queue_supply_failed(struct queue_supply *supply, struct fault *fault);

/* The oldest job taken is not needed any more. */
void queue_supply_release(struct queue_supply *supply);

/* Ends the thread, if it is not done. Also for one that was never opened (all zero). */
void queue_supply_close(struct queue_supply *supply);
