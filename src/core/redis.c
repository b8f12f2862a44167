#include "core/redis.h"

#ifdef HAVE_HIREDIS

#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/clock.h"

enum { CONNECT_SECONDS = 5, ANSWER_SECONDS = 10 };
static const char silent[] = "no answer for 10 s";

/* hiredis connects, writes requests down and reads answers; the bytes are moved here, since its own
   writing raises SIGPIPE when the server is gone. */
struct redis {
  char name[sizeof((struct redis_server *)0)->name];
  redisContext *context;
  char *request; /* in flight, NULL: none */
  size_t length, sent;
  double asked_at;
  struct fault lost; /* STATUS_OK: the connection stands */
};

const char *redis_library_version(void) {
  static char text[32];
  snprintf(text, sizeof text, "%d.%d.%d", HIREDIS_MAJOR, HIREDIS_MINOR, HIREDIS_PATCH);
  return text;
}

static enum redis_state lose(struct redis *redis, const char *reason, struct fault *fault) {
  fault_set(&redis->lost, STATUS_FAILED, "redis at %s: %s", redis->name, reason);
  *fault = redis->lost;
  return REDIS_LOST;
}

static bool would_wait(ssize_t moved) {
  return moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

/* False: the connection is broken; *reason says how. */
static bool push(struct redis *redis, const char **reason) {
  while (redis->sent < redis->length) {
    ssize_t moved = send(redis->context->fd, redis->request + redis->sent,
                         redis->length - redis->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (moved < 0) {
      *reason = strerror(errno);
      return would_wait(moved);
    }
    redis->sent += (size_t)moved;
  }
  return true;
}

void redis_ask(struct redis *redis, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = redisvFormatCommand(&redis->request, format, arguments);
  va_end(arguments);
  redis->sent = 0;
  redis->length = length < 0 ? 0 : (size_t)length;
  redis->asked_at = clock_seconds();
  if (length < 0) {
    struct fault unused;
    redis->request = NULL;
    lose(redis, "out of memory", &unused);
    return;
  }
  const char *reason;
  push(redis, &reason); /* on its way at once; what is wrong with the connection, a look tells */
}

static bool pull(struct redis *redis, redisReply **reply, const char **reason) {
  char bytes[4096];
  ssize_t moved = recv(redis->context->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (moved <= 0) {
    *reason = moved == 0 ? "the server closed the connection" : strerror(errno);
    return would_wait(moved);
  }
  redisReader *reader = redis->context->reader;
  if (redisReaderFeed(reader, bytes, (size_t)moved) != REDIS_OK ||
      redisReaderGetReply(reader, (void **)reply) != REDIS_OK) {
    *reason = reader->errstr;
    return false;
  }
  return true;
}

/* Within so many milliseconds in which this process could wait: where the whole machine stood
   still, the server needs a moment as well. */
static bool answers(const struct redis *redis, int milliseconds) {
  struct pollfd socket = {.fd = redis->context->fd, .events = POLLIN};
  return poll(&socket, 1, milliseconds) > 0;
}

static enum redis_state take(struct redis *redis, const redisReply *reply, char text[REDIS_TEXT],
                             struct fault *fault) {
  switch (reply->type) {
  case REDIS_REPLY_ERROR:
    return lose(redis, reply->str, fault);
  case REDIS_REPLY_NIL:
    return REDIS_NOTHING;
  case REDIS_REPLY_INTEGER:
    snprintf(text, REDIS_TEXT, "%lld", reply->integer);
    return REDIS_ANSWERED;
  default:
    snprintf(text, REDIS_TEXT, "%s", reply->str == NULL ? "" : reply->str);
    return REDIS_ANSWERED;
  }
}

enum redis_state redis_look(struct redis *redis, char text[REDIS_TEXT], struct fault *fault) {
  redisReply *reply = NULL;
  const char *reason = NULL;
  if (redis->lost.status != STATUS_OK) {
    *fault = redis->lost;
    return REDIS_LOST;
  }
  if (redis->request == NULL) {
    return REDIS_IDLE;
  }
  if (!push(redis, &reason) || !pull(redis, &reply, &reason)) {
    char why[200];
    snprintf(why, sizeof why, "the connection is lost: %s", reason);
    return lose(redis, why, fault);
  }
  if (reply == NULL) {
    /* Only now: an answer may have lain there while this process had no time to look. */
    bool late = clock_seconds() - redis->asked_at > ANSWER_SECONDS && !answers(redis, 1000);
    return late ? lose(redis, silent, fault) : REDIS_WAITING;
  }
  enum redis_state state = take(redis, reply, text, fault);
  freeReplyObject(reply);
  redisFreeCommand(redis->request);
  redis->request = NULL;
  return state;
}

enum redis_state redis_wait(struct redis *redis, char text[REDIS_TEXT], struct fault *fault) {
  enum { TENTHS = 10 * ANSWER_SECONDS };
  enum redis_state state;
  for (int i = 0; (state = redis_look(redis, text, fault)) == REDIS_WAITING; i++) {
    if (i == TENTHS) {
      return lose(redis, silent, fault);
    }
    answers(redis, 100);
  }
  return state;
}

static enum status refused(const struct redis_server *server, const char *reason,
                           struct fault *fault) {
  const char *remedy = "";
  if (strncmp(reason, "NOAUTH", 6) == 0) {
    remedy = " (set PARBENCH_REDIS_PASSWORD or PARBENCH_REDIS_PASSWORD_FILE)";
  } else if (strncmp(reason, "WRONGPASS", 9) == 0 || strstr(reason, "invalid password") != NULL) {
    remedy = " (see PARBENCH_REDIS_PASSWORD or PARBENCH_REDIS_PASSWORD_FILE)";
  }
  return fault_set(fault, STATUS_USAGE, "redis at %s: %s%s", server->name, reason, remedy);
}

/* The first words on a connection. */
static enum status greet(struct redis *redis, const struct redis_server *server,
                         struct fault *fault) {
  char text[REDIS_TEXT];
  if (server->password[0] != '\0') {
    redis_ask(redis, "AUTH %s", server->password);
    redis_wait(redis, text, &redis->lost);
  }
  if (redis->lost.status == STATUS_OK) {
    redis_ask(redis, "PING");
    redis_wait(redis, text, &redis->lost);
  }
  if (redis->lost.status != STATUS_OK) {
    const size_t prefix = strlen("redis at : ") + strlen(server->name);
    return refused(server, redis->lost.text + prefix, fault);
  }
  return STATUS_OK;
}

struct redis *redis_connect(const struct redis_server *server, struct fault *fault) {
  struct redis *redis = calloc(1, sizeof *redis);
  struct timeval patience = {.tv_sec = CONNECT_SECONDS};
  if (redis == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
    return NULL;
  }
  snprintf(redis->name, sizeof redis->name, "%s", server->name);
  redis->context = redisConnectWithTimeout(server->host, server->port, patience);
  enum status status = redis->context == NULL ? fault_set(fault, STATUS_FAILED, "out of memory")
                       : redis->context->err  ? refused(server, redis->context->errstr, fault)
                                              : greet(redis, server, fault);
  if (status != STATUS_OK) {
    redis_disconnect(redis);
    return NULL;
  }
  return redis;
}

void redis_disconnect(struct redis *redis) {
  if (redis == NULL) {
    return;
  }
  if (redis->request != NULL) {
    redisFreeCommand(redis->request);
  }
  if (redis->context != NULL) {
    redisFree(redis->context);
  }
  free(redis);
}

#else /* without libhiredis */

#include <stddef.h>

const char *redis_library_version(void) {
  return NULL;
}

struct redis *redis_connect(const struct redis_server *server, struct fault *fault) {
  fault_set(fault, STATUS_USAGE, "redis at %s: this build has no libhiredis", server->name);
  return NULL;
}

void redis_disconnect(struct redis *redis) {
  (void)redis;
}

void redis_ask(struct redis *redis, const char *format, ...) {
  (void)redis, (void)format;
}

enum redis_state redis_look(struct redis *redis, char text[REDIS_TEXT], struct fault *fault) {
  (void)redis, (void)text;
  fault_set(fault, STATUS_FAILED, "this build has no libhiredis");
  return REDIS_LOST;
}

enum redis_state redis_wait(struct redis *redis, char text[REDIS_TEXT], struct fault *fault) {
  return redis_look(redis, text, fault);
}

#endif
