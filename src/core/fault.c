#include "core/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/clean_text.h"

enum status fault_set(struct fault *fault, enum status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(fault->text, sizeof fault->text, format, arguments);
  va_end(arguments);
  /* Part of the text may be the user's own words, or a binary file's; the promise is one line, and
     one that does nothing to a terminal. */
  clean_controls(fault->text);
  fault->status = status;
  return status;
}
