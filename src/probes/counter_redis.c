/* redis: a key of a Redis server, which counts by itself (INCR). */
#include <stdlib.h>

#include "mpi/redis_key.h"
#include "probes/counter_kind.h"

struct redis_counter {
  const struct team *team;
  struct redis *connection;
  char key[REDIS_KEY_TEXT];
};

/* What the server says to the request in flight. A server that has lost the key counts from 0
   again, which the sum will show. */
static enum status take_answer(struct redis_counter *counter, uint64_t *value,
                               struct fault *fault) {
  char text[REDIS_TEXT];
  enum redis_state state = redis_wait(counter->connection, text, fault);
  if (state == REDIS_LOST) {
    return fault->status;
  }
  *value = state == REDIS_ANSWERED ? strtoull(text, NULL, 10) : 0;
  return STATUS_OK;
}

static void redis_close(void *state) {
  struct redis_counter *counter = state;
  team_barrier(counter->team, counter->team->comm, WAIT_BRISK);
  if (counter->team->rank == 0) {
    uint64_t deleted;
    struct fault unused; /* the key goes away by itself */
    redis_ask(counter->connection, "DEL %s", counter->key);
    take_answer(counter, &deleted, &unused);
  }
  redis_disconnect(counter->connection);
}

/* Should nobody be left to delete it, the key goes away by itself after a day. */
static enum status redis_open(void *state, const struct counter_place *place, struct fault *fault) {
  struct redis_counter *counter = state;
  uint64_t unused;
  counter->team = place->team;
  counter->connection =
      redis_key_connect(place->team, place->redis, "counter", counter->key, fault);
  if (counter->connection == NULL) {
    return fault->status;
  }
  if (place->team->rank == 0) {
    redis_ask(counter->connection, "SET %s 0 EX 86400", counter->key);
    take_answer(counter, &unused, fault);
  }
  if (team_agree(place->team, fault) != STATUS_OK) {
    redis_disconnect(counter->connection);
  }
  return fault->status;
}

static enum status redis_add(void *state, struct fault *fault) {
  struct redis_counter *counter = state;
  uint64_t unused;
  redis_ask(counter->connection, "INCR %s", counter->key);
  return take_answer(counter, &unused, fault);
}

static enum status redis_read(void *state, uint64_t *value, struct fault *fault) {
  struct redis_counter *counter = state;
  redis_ask(counter->connection, "GET %s", counter->key);
  return take_answer(counter, value, fault);
}

const struct counter_kind redis_counter = {
    .name = "redis",
    .summary = "a key of a Redis server (--redis)",
    .safe = true,
    .size = sizeof(struct redis_counter),
    .open = redis_open,
    .add = redis_add,
    .read = redis_read,
    .close = redis_close,
};
