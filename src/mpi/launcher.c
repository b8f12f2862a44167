#include "mpi/launcher.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* A variable's value as a number, or -1. */
static long number_in(const char *variable) {
  const char *text = getenv(variable);
  char *end;
  if (text == NULL || *text == '\0') {
    return -1;
  }
  long number = strtol(text, &end, 10);
  return *end == '\0' && number >= 0 ? number : -1;
}

static bool under_mpirun(void) {
  return number_in("OMPI_COMM_WORLD_SIZE") > 0 || number_in("PMI_SIZE") > 0;
}

int launcher_rank(void) {
  /* Last SLURM's own: under mpirun that is the launcher's, the same for every rank. */
  static const char *const variables[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK",
                                          "SLURM_PROCID"};
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    long rank = number_in(variables[i]);
    if (rank >= 0) {
      return (int)rank;
    }
  }
  return 0;
}

void launcher_prepare(void) {
  /* Open MPI's own blocking calls (in MPI_Init, when communicators are made, in MPI_Finalize) spin,
     and yield only when ranks exceed the slots that were declared. Where ranks exceed the cores,
     they must yield whatever was declared. */
  long ranks = number_in("OMPI_COMM_WORLD_LOCAL_SIZE");
  if (ranks > sysconf(_SC_NPROCESSORS_ONLN)) {
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 1);
  }
}

enum status launcher_check(int size, struct fault *fault) {
  long tasks = number_in("SLURM_STEP_NUM_TASKS");
  if (size > 1 || tasks <= 1 || under_mpirun()) {
    return STATUS_OK;
  }
  return fault_set(fault, STATUS_USAGE,
                   "srun started %ld tasks, but each one finds itself alone: start it with "
                   "`srun --mpi=pmix` or with mpirun",
                   tasks);
}
