#include "flags/flag.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FLAG_LIST(name) &name##_flag,
static const struct flag_kind *const kinds[] = {FLAG_KINDS(FLAG_LIST)};
#undef FLAG_LIST

const struct flag_kind *flag_kind_find(const char *name) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kinds[i]->name, name) == 0) {
      return kinds[i];
    }
  }
  return NULL;
}

void *flag_allocate(const struct team *team, size_t size, struct fault *fault) {
  void *memory = calloc(1, size);
  fault->status = STATUS_OK;
  if (memory == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if ((team == NULL ? fault->status : team_agree(team, fault)) != STATUS_OK) {
    free(memory);
    return NULL;
  }
  return memory;
}
