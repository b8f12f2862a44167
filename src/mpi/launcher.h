/* What the environment says about the launch, before MPI is started. */
#pragma once

#include "core/fault.h"

/* This process's rank as the launcher (mpirun, srun, mpiexec) tells it, 0 without one. For saying
   things once while MPI is not there. */
int launcher_rank(void);

/* Settings of the MPI library that must be made before MPI_Init. */
void launcher_prepare(void);

/* After MPI_Init: under srun with a process manager that MPI does not speak, every task believes to
   be alone and would do the whole job. STATUS_USAGE with the remedy then. */
enum status launcher_check(int size, struct fault *fault);
