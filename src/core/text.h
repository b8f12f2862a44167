/* Text that grows, for results that are many lines long. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"

struct text {
  char *bytes; /* malloc'ed, not ended by a zero */
  size_t length, capacity;
};

/* Append value in decimal and a newline. False when memory lacks. */
bool text_add_line(struct text *text, uint64_t value);

/* Room for `bytes` more. False when memory lacks. */
bool text_reserve(struct text *text, size_t bytes);

void text_free(struct text *text);

/* Where lines of results go. put() may hold them back until the job ends. */
struct text_sink {
  enum status (*put)(void *data, const char *bytes, size_t length, struct fault *fault);
  void *data;
};
