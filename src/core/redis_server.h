/* Which Redis server is meant, and its password. */
#pragma once

#include "core/fault.h"

/* May be sent to other ranks as it is. */
struct redis_server {
  char name[300]; /* "host:6379", as it was given; for messages */
  char host[256];
  int port;
  char password[512]; /* empty: none */
};

/* "HOST:PORT", "[::1]:6379". `origin` is where the text came from, for the fault: "--redis". */
enum status redis_server_parse(const char *text, const char *origin, struct redis_server *server,
                               struct fault *fault);

/* The server named by `text`, or where that is NULL by PARBENCH_REDIS; the password from
   PARBENCH_REDIS_PASSWORD or from the file that PARBENCH_REDIS_PASSWORD_FILE names, never from the
   command line, which every user of a machine can see. */
enum status redis_server_find(const char *text, struct redis_server *server, struct fault *fault);
