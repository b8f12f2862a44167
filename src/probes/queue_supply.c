#include "probes/queue_supply.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/payload.h"

size_t queue_supply_slot_size(size_t payload) {
  return (sizeof(struct queue_message) + payload + 63) / 64 * 64;
}

static struct queue_message *slot(const struct queue_supply *supply, uint64_t index) {
  return (struct queue_message *)(supply->messages + index % supply->slots * supply->slot_size);
}

/* Make the index-th job of the share in its slot. */
static enum status make(struct queue_supply *supply, uint64_t index) {
  const struct queue_jobs *jobs = supply->jobs;
  struct queue_message *message = slot(supply, index);
  message->number = supply->first + index * supply->stride;
  struct fault inner;
  if (jobs->make(jobs->data, message->number, message->payload, &inner) != STATUS_OK) {
    return fault_set(&supply->fault, inner.status, "job %" PRIu64 ": %s", message->number,
                     inner.text);
  }
  message->checksum = payload_checksum(message->number, message->payload, jobs->payload);
  return STATUS_OK;
}

enum status queue_message_work(const struct queue_jobs *jobs, const struct queue_message *message,
                               uint64_t *result, struct fault *fault) {
  uint64_t number = message->number;
  struct fault inner;
  if (payload_checksum(number, message->payload, jobs->payload) != message->checksum) {
    return fault_set(fault, STATUS_FAILED, "job %" PRIu64 ": its payload came damaged", number);
  }
  if (jobs->work(jobs->data, number, message->payload, result, &inner) != STATUS_OK) {
    return fault_set(fault, inner.status, "job %" PRIu64 ": %s", number, inner.text);
  }
  return STATUS_OK;
}

/* Wait until there is a free slot; false when the thread shall end. The mutex is held. */
static bool wait_for_room(struct queue_supply *supply) {
  while (!supply->stopped && supply->made - supply->freed == supply->slots) {
    pthread_cond_wait(&supply->room, &supply->mutex);
  }
  return !supply->stopped;
}

static void *feed(void *data) {
  struct queue_supply *supply = data;
  pthread_mutex_lock(&supply->mutex);
  while (supply->made < supply->count && wait_for_room(supply)) {
    pthread_mutex_unlock(&supply->mutex);
    enum status status = make(supply, supply->made); /* which only this thread changes */
    pthread_mutex_lock(&supply->mutex);
    if (status != STATUS_OK) {
      supply->failed = true;
      break;
    }
    supply->made++;
  }
  pthread_mutex_unlock(&supply->mutex);
  return NULL;
}

enum status queue_supply_open(struct queue_supply *supply, const struct queue_jobs *jobs,
                              uint64_t first, uint64_t stride, unsigned slots,
                              struct fault *fault) {
  *supply = (struct queue_supply){
      .jobs = jobs,
      .first = first,
      .stride = stride,
      .count = jobs->count > first ? (jobs->count - first - 1) / stride + 1 : 0,
      .slots = slots,
      .slot_size = queue_supply_slot_size(jobs->payload)};
  supply->messages = aligned_alloc(64, slots * supply->slot_size);
  if (supply->messages == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory for %u jobs of %zu bytes", slots,
                     jobs->payload);
  }
  if (!jobs->feeder) {
    return STATUS_OK;
  }
  pthread_mutex_init(&supply->mutex, NULL);
  pthread_cond_init(&supply->room, NULL);
  int error = pthread_create(&supply->thread, NULL, feed, supply);
  if (error != 0) {
    queue_supply_close(supply);
    return fault_set(fault, STATUS_FAILED, "the feeder thread cannot be started: %s",
                     strerror(error));
  }
  supply->has_thread = true;
  return STATUS_OK;
}

uint64_t queue_supply_number(const struct queue_supply *supply) {
  return supply->taken == supply->count ? supply->jobs->count
                                        : supply->first + supply->taken * supply->stride;
}

/* Exchange what both sides know of one another. */
static void meet_feeder(struct queue_supply *supply) {
  pthread_mutex_lock(&supply->mutex);
  bool was_full = supply->made - supply->freed == supply->slots;
  bool has_room = supply->freed != supply->released;
  supply->freed = supply->released;
  supply->seen = supply->made;
  pthread_mutex_unlock(&supply->mutex);
  if (was_full && has_room) {
    pthread_cond_signal(&supply->room);
  }
}

const struct queue_message *queue_supply_next(struct queue_supply *supply) {
  if (supply->taken == supply->count) {
    return NULL;
  }
  if (supply->has_thread && supply->taken == supply->seen) {
    meet_feeder(supply);
    if (supply->taken == supply->seen) {
      return NULL;
    }
  }
  if (!supply->has_thread) {
    if (supply->failed || supply->taken - supply->released == supply->slots) {
      return NULL;
    }
    supply->failed = make(supply, supply->taken) != STATUS_OK;
    if (supply->failed) {
      return NULL;
    }
  }
  return slot(supply, supply->taken++);
}

bool queue_supply_failed(struct queue_supply *supply, struct fault *fault) {
  if (supply->has_thread) {
    pthread_mutex_lock(&supply->mutex);
  }
  bool failed = supply->failed;
  if (supply->has_thread) {
    pthread_mutex_unlock(&supply->mutex);
  }
  if (failed) {
    *fault = supply->fault;
  }
  return failed;
}

void queue_supply_release(struct queue_supply *supply) {
  supply->released++;
  /* Not at every job: a feeder that is woken for each slot would change places with the sender each
     time. */
  if (supply->has_thread && supply->released % ((supply->slots + 1) / 2) == 0) {
    meet_feeder(supply);
  }
}

void queue_supply_close(struct queue_supply *supply) {
  if (supply->has_thread) {
    pthread_mutex_lock(&supply->mutex);
    supply->stopped = true;
    pthread_mutex_unlock(&supply->mutex);
    pthread_cond_signal(&supply->room);
    pthread_join(supply->thread, NULL);
    pthread_cond_destroy(&supply->room);
    pthread_mutex_destroy(&supply->mutex);
  }
  free(supply->messages);
  *supply = (struct queue_supply){0};
}
