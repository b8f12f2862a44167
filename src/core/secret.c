#define _GNU_SOURCE /* strcasestr */
#include "core/secret.h"

#include <stdlib.h>
#include <string.h>

bool secret_in_name(const char *name) {
  static const char *const words[] = {"passw", "secret",     "token",   "credential", "_key",
                                      "_pwd",  "passphrase", "private", "apikey",     "auth_"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcasestr(name, words[i]) != NULL) {
      return true;
    }
  }
  return false;
}

/* To hide every place in which a shorter one occurs would tell more than it hides. */
enum { LEAST_SECRET = 4 };

bool secret_in_text(const char *text) {
  const char *address = strstr(text, "://");
  const char *password = getenv("PARBENCH_REDIS_PASSWORD");
  if (address != NULL && strchr(address, '@') != NULL) {
    return true;
  }
  return password != NULL && strlen(password) >= LEAST_SECRET && strstr(text, password) != NULL;
}
