#include "mpi/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "mpi/call.h"
#include "mpi/wait.h"

static enum status allocate(MPI_Request **requests, char **buffers, unsigned slots, size_t stride,
                            struct fault *fault) {
  *requests = malloc(slots * sizeof(MPI_Request));
  *buffers = aligned_alloc(64, (slots * stride + 63) / 64 * 64);
  if (*requests == NULL || *buffers == NULL) {
    free(*requests);
    free(*buffers);
    *requests = NULL;
    *buffers = NULL;
    return fault_set(fault, STATUS_FAILED, "out of memory for %u messages of %zu bytes", slots,
                     stride);
  }
  for (unsigned i = 0; i < slots; i++) {
    (*requests)[i] = MPI_REQUEST_NULL;
  }
  return STATUS_OK;
}

static void post(struct inbox *inbox, unsigned slot) {
  MPI_CALL(MPI_Irecv(inbox->buffers + slot * inbox->stride, (int)inbox->size, MPI_BYTE,
                     inbox->source, inbox->tag, inbox->team->comm, &inbox->requests[slot]));
}

enum status inbox_open(struct inbox *inbox, const struct team *team, int source, int tag,
                       size_t size, unsigned slots, struct fault *fault) {
  *inbox = (struct inbox){.team = team,
                          .source = source,
                          .tag = tag,
                          .size = size,
                          .stride = (size + 63) / 64 * 64,
                          .slots = slots};
  if (allocate(&inbox->requests, &inbox->buffers, slots, inbox->stride, fault) != STATUS_OK) {
    return fault->status;
  }
  for (unsigned i = 0; i < slots; i++) {
    post(inbox, i);
  }
  return STATUS_OK;
}

void *inbox_take(struct inbox *inbox, int *source) {
  int done = 0;
  MPI_Status status;
  MPI_CALL(MPI_Test(&inbox->requests[inbox->head], &done, &status));
  if (!done) {
    return NULL;
  }
  if (source != NULL) {
    *source = status.MPI_SOURCE;
  }
  return inbox->buffers + inbox->head * inbox->stride;
}

void inbox_drop(struct inbox *inbox) {
  post(inbox, inbox->head);
  inbox->head = (inbox->head + 1) % inbox->slots;
}

void inbox_close(struct inbox *inbox) {
  if (inbox->requests != NULL) {
    for (unsigned i = 0; i < inbox->slots; i++) {
      MPI_CALL(MPI_Cancel(&inbox->requests[i]));
    }
    wait_for_all(inbox->team, (int)inbox->slots, inbox->requests, WAIT_BRISK, NULL, NULL);
  }
  free(inbox->requests);
  free(inbox->buffers);
  *inbox = (struct inbox){0};
}

enum status outbox_open(struct outbox *outbox, const struct team *team, int tag, size_t size,
                        unsigned slots, struct fault *fault) {
  *outbox = (struct outbox){.team = team, .tag = tag, .size = size, .slots = slots};
  return allocate(&outbox->requests, &outbox->buffers, slots, size, fault);
}

/* Give back the slots whose messages have left, in the order of sending. */
static void reap(struct outbox *outbox) {
  int done = 1;
  while (outbox->used > 0 && done) {
    MPI_CALL(MPI_Test(&outbox->requests[outbox->head], &done, MPI_STATUS_IGNORE));
    if (done) {
      outbox->head = (outbox->head + 1) % outbox->slots;
      outbox->used--;
    }
  }
}

bool outbox_has_room(struct outbox *outbox, unsigned messages) {
  if (outbox->slots - outbox->used < messages) {
    reap(outbox);
  }
  return outbox->slots - outbox->used >= messages;
}

void outbox_send(struct outbox *outbox, int to, const void *bytes) {
  unsigned slot = (outbox->head + outbox->used++) % outbox->slots;
  char *copy = outbox->buffers + slot * outbox->size;
  memcpy(copy, bytes, outbox->size);
  bool synchronous = ++outbox->sent >= (outbox->slots + 1) / 2;
  outbox->sent = synchronous ? 0 : outbox->sent;
  MPI_CALL((synchronous ? MPI_Issend : MPI_Isend)(copy, (int)outbox->size, MPI_BYTE, to,
                                                  outbox->tag, outbox->team->comm,
                                                  &outbox->requests[slot]));
}

bool outbox_empty(struct outbox *outbox) {
  reap(outbox);
  return outbox->used == 0;
}

void outbox_close(struct outbox *outbox) {
  free(outbox->requests);
  free(outbox->buffers);
  *outbox = (struct outbox){0};
}
