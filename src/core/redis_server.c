#include "core/redis_server.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

static const char PASSWORD[] = "PARBENCH_REDIS_PASSWORD";
static const char PASSWORD_FILE[] = "PARBENCH_REDIS_PASSWORD_FILE";

static bool port_parse(const char *text, int *port) {
  uint64_t number = 0;
  bool plain = text[strspn(text, "0123456789")] == '\0';
  if (!plain || number_parse_count(text, &number) != NUMBER_OK || number < 1 || number > 65535) {
    return false;
  }
  *port = (int)number;
  return true;
}

enum status redis_server_parse(const char *text, const char *origin, struct redis_server *server,
                               struct fault *fault) {
  *server = (struct redis_server){.port = 0};
  const char *colon = strrchr(text, ':');
  const char *host = text;
  size_t length = colon == NULL ? 0 : (size_t)(colon - text);
  bool bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
  if (bracketed) {
    host++;
    length -= 2;
  }
  bool plain = bracketed || strcspn(host, ":[]") >= length;
  if (length == 0 || length >= sizeof server->host || strlen(text) >= sizeof server->name ||
      !plain || !port_parse(colon + 1, &server->port)) {
    return fault_set(fault, STATUS_USAGE,
                     "%s: '%s' is no server: accepted is HOST:PORT, such as localhost:6379", origin,
                     text);
  }
  memcpy(server->host, host, length);
  snprintf(server->name, sizeof server->name, "%s", text);
  return STATUS_OK;
}

/* Lines of the file beyond the first are left alone. */
static enum status read_password(const char *path, struct redis_server *server,
                                 struct fault *fault) {
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return fault_set(fault, STATUS_USAGE, "%s: %s: %s", PASSWORD_FILE, path, strerror(errno));
  }
  bool read = fgets(server->password, sizeof server->password, file) != NULL;
  int reason = ferror(file) ? errno : 0;
  fclose(file);
  if (!read) {
    return fault_set(fault, STATUS_USAGE, "%s: %s: %s", PASSWORD_FILE, path,
                     reason == 0 ? "the file is empty" : strerror(reason));
  }
  server->password[strcspn(server->password, "\r\n")] = '\0';
  return STATUS_OK;
}

static enum status find_password(struct redis_server *server, struct fault *fault) {
  const char *password = getenv(PASSWORD);
  const char *path = getenv(PASSWORD_FILE);
  if (password != NULL && path != NULL) {
    return fault_set(fault, STATUS_USAGE, "%s and %s are both set: accepted is one of them",
                     PASSWORD, PASSWORD_FILE);
  }
  if (path != NULL && read_password(path, server, fault) != STATUS_OK) {
    return fault->status;
  }
  if (password != NULL) {
    snprintf(server->password, sizeof server->password, "%s", password);
  }
  if (strlen(password != NULL ? password : server->password) + 1 >= sizeof server->password) {
    return fault_set(fault, STATUS_USAGE, "%s: the password is longer than %zu characters",
                     path != NULL ? PASSWORD_FILE : PASSWORD, sizeof server->password - 2);
  }
  return STATUS_OK;
}

enum status redis_server_find(const char *text, struct redis_server *server, struct fault *fault) {
  const char *origin = "--redis";
  if (text == NULL) {
    origin = "PARBENCH_REDIS";
    text = getenv(origin);
  }
  if (text == NULL || *text == '\0') {
    return fault_set(fault, STATUS_USAGE,
                     "which redis server? accepted are --redis HOST:PORT and the variable "
                     "PARBENCH_REDIS=HOST:PORT");
  }
  if (redis_server_parse(text, origin, server, fault) != STATUS_OK) {
    return fault->status;
  }
  return find_password(server, fault);
}
