/* redis: the limit is a key of a Redis server, unique to the job. Every rank has a connection of
   its own with one request in flight: it reads the key again and again, and lowers it by a script,
   which the server runs as one operation: reading, comparing and setting by themselves would need
   three trips and a retry whenever somebody else was faster, and Redis' own minima are doubles.

   A rank whose connection is lost tells the others by MPI, so that the job ends at once. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags/announcer.h"
#include "flags/flag.h"
#include "flags/kept_limit.h"
#include "mpi/call.h"
#include "mpi/redis_key.h"
#include "mpi/wait.h"

/* Limits are texts of 20 digits, whose order is that of the numbers: the script's own numbers are
   doubles. The key goes away by itself an hour after the last find, should nobody be left to delete
   it; by then every rank has heard of it. */
#define LIMIT_TEXT "%020" PRIu64
static const char LOWER[] = "local now = redis.call('GET', KEYS[1]) "
                            "if not now or ARGV[1] < now then now = ARGV[1] "
                            "redis.call('SET', KEYS[1], now, 'EX', 3600) end "
                            "return now";

struct redis_flag {
  const struct team *team;
  struct redis *connection;
  char key[REDIS_KEY_TEXT];
  struct kept_limit limit;
  bool asking;
  struct fault lost;
  struct announcer alarm;
};

static void ask_to_lower(struct redis_flag *flag) {
  char limit[32];
  snprintf(limit, sizeof limit, LIMIT_TEXT, kept_limit_tell(&flag->limit));
  redis_ask(flag->connection, "EVAL %s 1 %s %s", LOWER, flag->key, limit);
  flag->asking = true;
}

static void ask(struct redis_flag *flag) {
  if (kept_limit_is_news(&flag->limit)) {
    ask_to_lower(flag);
  } else {
    redis_ask(flag->connection, "GET %s", flag->key);
    flag->asking = true;
  }
}

/* Everything that will be asked of the server later is tried now, before the work. */
static enum status try_lowering(struct redis_flag *flag, struct fault *fault) {
  char text[REDIS_TEXT];
  fault->status = STATUS_OK;
  ask_to_lower(flag);
  redis_wait(flag->connection, text, fault);
  flag->asking = false;
  return team_agree(flag->team, fault);
}

static enum status redis_open(struct team *team, const struct flag_settings *settings, void **state,
                              struct fault *fault) {
  struct redis_flag *flag = flag_allocate(team, sizeof *flag, fault);
  if (flag == NULL) {
    return fault->status;
  }
  *flag = (struct redis_flag){.team = team, .limit = KEPT_LIMIT_UNTOUCHED};
  flag->connection = redis_key_connect(team, settings->redis, "flag", flag->key, fault);
  if (flag->connection == NULL || try_lowering(flag, fault) != STATUS_OK) {
    redis_disconnect(flag->connection);
    free(flag);
    return fault->status;
  }
  announcer_open(&flag->alarm, team, team->flag_comm);
  *state = flag;
  return STATUS_OK;
}

/* Whether the next request may be sent. */
static bool is_answered(struct redis_flag *flag) {
  char text[REDIS_TEXT];
  if (flag->lost.status != STATUS_OK) {
    return false;
  }
  switch (redis_look(flag->connection, text, &flag->lost)) {
  case REDIS_WAITING:
    return false;
  case REDIS_LOST:
    flag->asking = false;
    kept_limit_learn(&flag->limit, 0);
    announcer_lower(&flag->alarm, 0);
    return false;
  case REDIS_ANSWERED:
    kept_limit_hear(&flag->limit, strtoull(text, NULL, 10));
    break;
  case REDIS_NOTHING: /* more than an hour without a find */
  case REDIS_IDLE:
    break;
  }
  flag->asking = false;
  return true;
}

static uint64_t redis_poll(void *state) {
  struct redis_flag *flag = state;
  if (is_answered(flag)) {
    ask(flag);
  }
  kept_limit_learn(&flag->limit, announcer_poll(&flag->alarm));
  return flag->limit.lowest;
}

static void redis_lower(void *state, uint64_t limit) {
  struct redis_flag *flag = state;
  kept_limit_learn(&flag->limit, limit);
  redis_poll(flag);
}

static bool is_settled(struct redis_flag *flag) {
  if (is_answered(flag) &&
      kept_limit_is_news(&flag->limit)) { /* lowered behind a request in flight */
    ask(flag);
  }
  announcer_poll(&flag->alarm);
  return !flag->asking;
}

static void redis_close(void *state, struct fault *fault) {
  struct redis_flag *flag = state;
  struct waiter waiter;
  waiter_start(&waiter, flag->team, WAIT_BRISK);
  while (!is_settled(flag)) {
    waiter_pause(&waiter);
  }
  announcer_close(&flag->alarm); /* now nobody asks any more */
  if (flag->team->rank == 0 && flag->lost.status == STATUS_OK) {
    char text[REDIS_TEXT];
    struct fault unused; /* the key goes away by itself */
    redis_ask(flag->connection, "DEL %s", flag->key);
    redis_wait(flag->connection, text, &unused);
  }
  if (fault->status == STATUS_OK && flag->lost.status != STATUS_OK) {
    *fault = flag->lost;
    if (flag->team->rank == 0) { /* for the others team_agree says it */
      fault_set(fault, STATUS_FAILED, "rank 0 on %.64s: %s", flag->team->host, flag->lost.text);
    }
  }
  redis_disconnect(flag->connection);
  free(flag);
}

const struct flag_kind redis_flag = {
    .name = "redis",
    .summary = "a key of a Redis server (--redis)",
    .open = redis_open,
    .lower = redis_lower,
    .poll = redis_poll,
    .close = redis_close,
};
