#include "formats/format.h"

#include <string.h>

#define FORMAT_LIST(name) &name##_format,
static const struct format *const formats[] = {FORMATS(FORMAT_LIST)};
#undef FORMAT_LIST

const struct format *format_find(const char *name) {
  for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
    if (strcmp(formats[i]->name, name) == 0) {
      return formats[i];
    }
  }
  return NULL;
}

void format_print(const struct format *format, const struct report *report, FILE *out) {
  format->begin(report, out);
  for (size_t i = 0; i < report->count; i++) {
    format->row(report, i, out);
  }
  format->end(report, out);
}
