/* Text that came from outside (a user's words, a file's contents), for where only clean text may
   stand: on one line of a terminal, in JSON. */
#pragma once

#include <jansson.h>

/* Blanks for control characters, which would break the line or command the terminal. Returns text.
 */
char *clean_controls(char *text);

/* End a text that was cut to fit before a character of which only a part is left. Returns text. */
char *clean_cut(char *text);

/* As a JSON string, which must be UTF-8: what is not becomes U+FFFD. NULL when memory lacks. */
json_t *clean_json(const char *text);
