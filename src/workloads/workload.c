#include "workloads/workload.h"

#include <string.h>

#define WORKLOAD_LIST(name) &name##_workload,
const struct workload *const workloads[] = {WORKLOADS(WORKLOAD_LIST) NULL};
#undef WORKLOAD_LIST

const struct workload *workload_find(const char *name) {
  for (const struct workload *const *workload = workloads; *workload != NULL; workload++) {
    if (strcmp((*workload)->name, name) == 0) {
      return *workload;
    }
  }
  return NULL;
}
