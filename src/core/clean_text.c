#include "core/clean_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_CHARACTER = 4 }; /* bytes of UTF-8 */

char *clean_controls(char *text) {
  for (char *c = text; *c != '\0'; c++) {
    if (iscntrl((unsigned char)*c)) {
      *c = ' ';
    }
  }
  return text;
}

static bool continues(char byte) {
  return ((unsigned char)byte & 0xc0) == 0x80;
}

/* By its first byte. */
static size_t character_length(char first) {
  unsigned char byte = (unsigned char)first;
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

char *clean_cut(char *text) {
  size_t length = strlen(text);
  size_t tail = 0;
  while (tail < length && tail < LONGEST_CHARACTER && continues(text[length - 1 - tail])) {
    tail++;
  }
  if (tail < length && character_length(text[length - 1 - tail]) > tail + 1) {
    text[length - 1 - tail] = '\0';
  }
  return text;
}

/* Bytes of the character at `text`, not its end; 0: it is none. */
static size_t valid_length(const char *text) {
  size_t length = character_length(*text);
  for (size_t i = 1; i < length; i++) {
    if (text[i] == '\0') {
      return 0;
    }
  }
  json_t *character = json_stringn(text, length); /* knows overlong forms and surrogates */
  json_decref(character);
  return character == NULL ? 0 : length;
}

static json_t *with_replacements(const char *text) {
  static const char replacement[] = "\xef\xbf\xbd";
  char *clean = malloc(strlen(text) * (sizeof replacement - 1) + 1);
  char *end = clean;
  if (clean == NULL) {
    return NULL;
  }
  while (*text != '\0') {
    size_t length = valid_length(text);
    const char *from = length > 0 ? text : replacement;
    size_t bytes = length > 0 ? length : sizeof replacement - 1;
    memcpy(end, from, bytes);
    end += bytes;
    text += length > 0 ? length : 1;
  }
  *end = '\0';
  json_t *string = json_string(clean);
  free(clean);
  return string;
}

json_t *clean_json(const char *text) {
  json_t *string = json_string(text);
  return string != NULL ? string : with_replacements(text);
}
