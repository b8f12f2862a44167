#include "mpi/redis_key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

struct address {
  struct redis_server server;
  char key[REDIS_KEY_TEXT];
};

static enum status choose_key(const char *purpose, char key[REDIS_KEY_TEXT], struct fault *fault) {
  uint64_t random[2];
  if (getrandom(random, sizeof random, 0) != sizeof random) {
    return fault_set(fault, STATUS_FAILED, "no random numbers for a key");
  }
  snprintf(key, REDIS_KEY_TEXT, "parbench:%.16s:%016" PRIx64 "%016" PRIx64, purpose, random[0],
           random[1]);
  return STATUS_OK;
}

/* Rank 0's command line and environment count: launchers hand neither files nor all variables on to
   other hosts. */
static enum status agree_on_address(const struct team *team, const char *server,
                                    const char *purpose, struct address *address,
                                    struct fault *fault) {
  memset(address, 0, sizeof *address);
  fault->status = STATUS_OK;
  if (team->rank == 0 && redis_server_find(server, &address->server, fault) == STATUS_OK) {
    choose_key(purpose, address->key, fault);
  }
  if (team_agree(team, fault) == STATUS_OK) {
    team_broadcast(team, team->comm, 0, address, sizeof *address, WAIT_BRISK);
  }
  return fault->status;
}

struct redis *redis_key_connect(const struct team *team, const char *server, const char *purpose,
                                char key[REDIS_KEY_TEXT], struct fault *fault) {
  struct address address;
  struct redis *connection = NULL;
  if (agree_on_address(team, server, purpose, &address, fault) == STATUS_OK) {
    connection = redis_connect(&address.server, fault);
    if (team_agree(team, fault) != STATUS_OK) {
      redis_disconnect(connection);
      connection = NULL;
    }
  }
  memcpy(key, address.key, REDIS_KEY_TEXT);
  memset(&address, 0, sizeof address);
  return connection;
}
