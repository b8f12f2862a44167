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

bool workload_needs_core(const struct workload *workload, const struct job *job) {
  return workload->needs_core == NULL || workload->needs_core(job);
}

int workload_ideal(const struct workload *workload, const struct job *job, int workers, int cores) {
  return workers > cores && workload_needs_core(workload, job) ? cores : workers;
}
