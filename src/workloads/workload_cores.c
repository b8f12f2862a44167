/* How many cores a job can make use of. */
#include "workloads/workload.h"

bool workload_needs_core(const struct workload *workload, const struct job *job) {
  return workload->needs_core == NULL || workload->needs_core(job);
}

int workload_ideal(const struct workload *workload, const struct job *job, int workers, int cores) {
  return workers > cores && workload_needs_core(workload, job) ? cores : workers;
}
