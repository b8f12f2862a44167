#include "core/ordering.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum ordering_kind ordering_find(const char *name) {
  return strcmp(name, "input") == 0    ? ORDERING_INPUT
         : strcmp(name, "sorted") == 0 ? ORDERING_SORTED
                                       : ORDERING_COMPLETION;
}

static uint64_t results_kept(enum ordering_kind kind, uint64_t count, uint64_t window) {
  switch (kind) {
  case ORDERING_COMPLETION:
    return 0;
  case ORDERING_INPUT:
    return window < count ? window : count;
  case ORDERING_SORTED:
    break;
  }
  return count;
}

uint64_t ordering_bytes(enum ordering_kind kind, uint64_t count, uint64_t window) {
  uint64_t kept = results_kept(kind, count, window);
  uint64_t each = sizeof(uint64_t) + 1;
  return kept > UINT64_MAX / each ? UINT64_MAX : kept * each;
}

enum status ordering_open(struct ordering *ordering, enum ordering_kind kind, uint64_t count,
                          uint64_t window, struct ordering_consumer consumer, struct fault *fault) {
  *ordering = (struct ordering){.kind = kind,
                                .count = count,
                                .window = window,
                                .consumer = consumer,
                                .kept = results_kept(kind, count, window)};
  if (ordering->kept == 0) {
    return STATUS_OK;
  }
  ordering->results = calloc(ordering->kept, sizeof *ordering->results);
  ordering->present = calloc(ordering->kept, 1);
  if (ordering->results == NULL || ordering->present == NULL) {
    ordering_close(ordering);
    return fault_set(fault, STATUS_FAILED, "out of memory for %" PRIu64 " results",
                     results_kept(kind, count, window));
  }
  return STATUS_OK;
}

uint64_t ordering_limit(const struct ordering *ordering) {
  uint64_t left = ordering->count - ordering->next;
  return ordering->kind == ORDERING_INPUT && ordering->window < left
             ? ordering->next + ordering->window
             : ordering->count;
}

static enum status keep(struct ordering *ordering, uint64_t number, uint64_t result,
                        struct fault *fault) {
  uint64_t place = number % ordering->kept;
  if (number < ordering->next || ordering->present[place]) {
    return fault_set(fault, STATUS_FAILED, "the result of job %" PRIu64 " came twice", number);
  }
  ordering->present[place] = 1;
  ordering->results[place] = result;
  return STATUS_OK;
}

/* All that are there without a gap. */
static enum status hand_over(struct ordering *ordering, struct fault *fault) {
  for (; ordering->next < ordering->count; ordering->next++) {
    uint64_t place = ordering->next % ordering->kept;
    if (!ordering->present[place]) {
      break;
    }
    if (ordering->consumer.take(ordering->consumer.data, ordering->next, ordering->results[place],
                                fault) != STATUS_OK) {
      return fault->status;
    }
    ordering->present[place] = 0;
  }
  return STATUS_OK;
}

enum status ordering_put(struct ordering *ordering, uint64_t number, uint64_t result,
                         struct fault *fault) {
  if (number >= ordering_limit(ordering)) {
    return fault_set(fault, STATUS_FAILED,
                     "a result of job %" PRIu64 " came, and only those below %" PRIu64 " may",
                     number, ordering_limit(ordering));
  }
  if (ordering->kind == ORDERING_COMPLETION) {
    ordering->put++;
    return ordering->consumer.take(ordering->consumer.data, number, result, fault);
  }
  if (keep(ordering, number, result, fault) != STATUS_OK) {
    return fault->status;
  }
  ordering->put++;
  return ordering->kind == ORDERING_INPUT ? hand_over(ordering, fault) : STATUS_OK;
}

enum status ordering_end(struct ordering *ordering, struct fault *fault) {
  if (ordering->put != ordering->count) {
    return fault_set(fault, STATUS_FAILED, "%" PRIu64 " results came of %" PRIu64, ordering->put,
                     ordering->count);
  }
  return ordering->kind == ORDERING_SORTED ? hand_over(ordering, fault) : STATUS_OK;
}

void ordering_close(struct ordering *ordering) {
  free(ordering->results);
  free(ordering->present);
  ordering->results = NULL;
  ordering->present = NULL;
}
