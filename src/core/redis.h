/* A connection to a Redis server that is asked without ever waiting: one request is in flight, and
   is looked at now and then. Where libhiredis was absent when this was built, connecting fails and
   says so. */
#pragma once

#include <stdint.h>

#include "core/fault.h"
#include "core/redis_server.h"

/* The library's version; NULL: not built in. */
const char *redis_library_version(void);

struct redis;

/* Connect and log in: waits for at most a few seconds. NULL with the fault (STATUS_USAGE: the user
   can mend it) otherwise. */
struct redis *redis_connect(const struct redis_server *server, struct fault *fault);

/* May be NULL. Whatever is in flight is forgotten. */
void redis_disconnect(struct redis *redis);

/* Send a request, in hiredis' format ("SET %s %s"). The last one must have been answered. */
void redis_ask(struct redis *redis, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum redis_state {
  REDIS_IDLE,     /* nothing is in flight */
  REDIS_WAITING,  /* the answer is not there yet */
  REDIS_NOTHING,  /* answered: there is no such key */
  REDIS_ANSWERED, /* answered: text or a number */
  REDIS_LOST,     /* the connection is, or the server refused; so at every later look too */
};

enum { REDIS_TEXT = 64 };

/* Look for the answer; never waits. *text: the answer's, numbers in decimal, cut to fit. The fault
   is filled for REDIS_LOST. A request that is not answered within 10 s counts as lost. */
enum redis_state redis_look(struct redis *redis, char text[REDIS_TEXT], struct fault *fault);

/* Wait for the answer of what is in flight, asleep, for some seconds at most. */
enum redis_state redis_wait(struct redis *redis, char text[REDIS_TEXT], struct fault *fault);
