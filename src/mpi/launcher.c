#include "mpi/launcher.h"

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mpi/library.h"

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

/* The ranks on a node, or -1. SLURM lists them for every node, as in "16(x2),4": the most, then. */
static long ranks_on_node(void) {
  const char *text = getenv("SLURM_STEP_TASKS_PER_NODE");
  long most = number_in("OMPI_COMM_WORLD_LOCAL_SIZE");
  if (most > 0 || text == NULL) {
    return most;
  }
  while (*text != '\0') {
    char *end;
    long tasks = strtol(text, &end, 10);
    most = tasks > most ? tasks : most;
    text = end + strcspn(end, ",");
    text += *text == ',';
  }
  return most;
}

void launcher_prepare(void) {
  /* Open MPI's own blocking calls (in MPI_Init, when communicators are made, in MPI_Finalize) spin,
     and yield only when ranks exceed the slots that were declared. Where ranks exceed the cores,
     they must yield whatever was declared. */
  if (ranks_on_node() > sysconf(_SC_NPROCESSORS_ONLN)) {
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 1);
  }
}

/* Tasks of the srun that started this process with nothing but SLURM's own PMI-1 or PMI-2; 0 when
   it was started otherwise: by mpirun, by srun with PMIx, or without a launcher. */
static long srun_tasks_without_pmix(void) {
  long tasks = number_in("SLURM_STEP_NUM_TASKS");
  bool otherwise = number_in("OMPI_COMM_WORLD_SIZE") > 0 || number_in("PMIX_RANK") >= 0;
  return tasks > 0 && !otherwise ? tasks : 0;
}

/* Open MPI may have been built with SLURM's PMI (version 4 and older; Debian's was not): then its
   plug-ins for that have settings. */
static bool mpi_speaks_slurm_pmi(void) {
#ifdef OPEN_MPI
  return library_has_variable("pmix_s1_priority") || library_has_variable("pmix_s2_priority");
#else
  return true;
#endif
}

static enum status refuse(long processes, struct fault *fault) {
  return fault_set(fault, STATUS_USAGE,
                   "%ld processes were started, but each one would find itself alone: start them "
                   "with mpirun or `srun --mpi=pmix`",
                   processes);
}

enum status launcher_check_start(struct fault *fault) {
  long tasks = srun_tasks_without_pmix();
  if (tasks == 0 || mpi_speaks_slurm_pmi()) {
    return STATUS_OK;
  }
  if (tasks == 1) {
    /* What makes Open MPI look for the PMI that is not there; without it, it starts alone. */
    unsetenv("SLURM_STEP_ID");
    return STATUS_OK;
  }
  return refuse(tasks, fault);
}

enum status launcher_check_size(int size, struct fault *fault) {
  if (size > 1) {
    return STATUS_OK;
  }
  long processes = number_in("OMPI_COMM_WORLD_SIZE");
  if (processes < 0) {
    processes = number_in("PMI_SIZE");
  }
  if (processes < 0) {
    processes = number_in("SLURM_STEP_NUM_TASKS");
  }
  return processes > 1 ? refuse(processes, fault) : STATUS_OK;
}

long launcher_tasks_left_alone(int size) {
  long tasks = number_in("SLURM_NTASKS");
  bool launched = number_in("OMPI_COMM_WORLD_SIZE") > 0 || number_in("PMI_SIZE") > 0;
  return size == 1 && tasks > 1 && !launched ? tasks : 0;
}
