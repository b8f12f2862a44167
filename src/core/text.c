#include "core/text.h"

#include <stdlib.h>
#include <string.h>

bool text_reserve(struct text *text, size_t bytes) {
  if (text->capacity - text->length >= bytes) {
    return true;
  }
  size_t capacity = 2 * (text->length + bytes);
  char *grown = realloc(text->bytes, capacity);
  if (grown == NULL) {
    return false;
  }
  text->bytes = grown;
  text->capacity = capacity;
  return true;
}

bool text_add_line(struct text *text, uint64_t value) {
  char line[21]; /* 20 digits and the newline */
  size_t at = sizeof line;
  line[--at] = '\n';
  do {
    line[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  if (!text_reserve(text, sizeof line)) {
    return false;
  }
  memcpy(text->bytes + text->length, line + at, sizeof line - at);
  text->length += sizeof line - at;
  return true;
}

void text_free(struct text *text) {
  free(text->bytes);
  *text = (struct text){0};
}
