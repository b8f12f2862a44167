/* Text that grows, for results that are many lines long. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
  char *bytes; /* malloc'ed, not ended by a zero */
  size_t length, capacity;
};

/* Append value in decimal and a newline. False when memory lacks. */
bool text_add_line(struct text *text, uint64_t value);

/* Room for `bytes` more. False when memory lacks. */
bool text_reserve(struct text *text, size_t bytes);

void text_free(struct text *text);
