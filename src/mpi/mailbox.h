/* Streams of small messages, of which a bounded number are on their way: nothing waits here, and
   neither side can bury the other. */
#pragma once

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

#include "mpi/team.h"

/* Messages that come in: receives are posted ahead, and taken in the order of posting. */
struct inbox {
  const struct team *team;
  int source, tag;
  size_t size, stride; /* of a message at most; from buffer to buffer */
  unsigned slots, head;
  MPI_Request *requests;
  char *buffers;
};

/* source may be MPI_ANY_SOURCE. Over team->comm; the tag is the stream's own. */
enum status inbox_open(struct inbox *inbox, const struct team *team, int source, int tag,
                       size_t size, unsigned slots, struct fault *fault);

/* The oldest message, or NULL while none is there; from whom, unless that is NULL. It stays until
   inbox_drop, which must come before the next is taken. */
void *inbox_take(struct inbox *inbox, int *source);
void inbox_drop(struct inbox *inbox);

/* No more messages may be on their way. Also for one that was never opened (all zero). */
void inbox_close(struct inbox *inbox);

/* Messages that go out: copied, and sent as slots become free. */
struct outbox {
  const struct team *team;
  int tag;
  size_t size;
  unsigned slots, head, used; /* `used` from head on are on their way */
  unsigned sent;              /* since the last synchronous one */
  MPI_Request *requests;
  char *buffers;
};

enum status outbox_open(struct outbox *outbox, const struct team *team, int tag, size_t size,
                        unsigned slots, struct fault *fault);

/* Whether so many messages may be sent now; at most as many as there are slots. */
bool outbox_has_room(struct outbox *outbox, unsigned messages);

/* There must be room. MPI may take in a small message before its receiver has looked at it; so one
   message in half as many as there are slots is sent synchronously, and a receiver that is slow
   never has more than twice the slots before it. */
void outbox_send(struct outbox *outbox, int to, const void *bytes);

bool outbox_empty(struct outbox *outbox);

/* Must be empty. Also for one that was never opened (all zero). */
void outbox_close(struct outbox *outbox);
