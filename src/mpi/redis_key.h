/* A key of a Redis server that one job has to itself, and each rank's connection to it. */
#pragma once

#include "core/redis.h"
#include "mpi/team.h"

enum { REDIS_KEY_TEXT = 64 };

/* Collective. Connect every rank to rank 0's server: the one that `server` names, or where that is
   NULL the environment (core/redis_server.h). *key: a name that no other job has; `purpose` is part
   of it. NULL with the fault on all ranks where one cannot connect. */
struct redis *redis_key_connect(const struct team *team, const char *server, const char *purpose,
                                char key[REDIS_KEY_TEXT], struct fault *fault);
