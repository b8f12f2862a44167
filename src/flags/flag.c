#include "flags/flag.h"

#include <stddef.h>
#include <string.h>

#define FLAG_LIST(name) &name##_flag,
static const struct flag_kind *const kinds[] = {FLAG_KINDS(FLAG_LIST)};
#undef FLAG_LIST

const struct flag_kind *flag_kind_find(const char *name) {
  if (strcmp(name, "auto") == 0) {
    return &ibcast_flag;
  }
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kinds[i]->name, name) == 0) {
      return kinds[i];
    }
  }
  return NULL;
}
