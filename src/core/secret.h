/* What must not be written into results, which are passed around. */
#pragma once

#include <stdbool.h>

/* A variable whose name says that it holds one: it contains "password", "secret", "token" ... */
bool secret_in_name(const char *name);

/* A text with a user's part of an address ("redis://user:password@host"), or with the password that
   PARBENCH_REDIS_PASSWORD holds. */
bool secret_in_text(const char *text);
