/* What the environment says about the launch, before MPI is started. */
#pragma once

#include "core/fault.h"

/* This process's rank as the launcher (mpirun, srun, mpiexec) tells it, 0 without one. For saying
   things once while MPI is not there. */
int launcher_rank(void);

/* Settings of the MPI library that must be made before MPI_Init. */
void launcher_prepare(void);

/* Before MPI_Init: under an srun whose process manager MPI does not speak, MPI_Init would end every
   task with a page of its own. STATUS_USAGE with the remedy then; a single task starts alone. */
enum status launcher_check_start(struct fault *fault);

/* After MPI_Init, with the number of ranks it gave: under a launcher that MPI does not speak, every
   process believes to be alone and would do the whole job. STATUS_USAGE with the remedy then. */
enum status launcher_check_size(int size, struct fault *fault);

/* After MPI_Init: the tasks of the SLURM job that a run without a launcher leaves unused, 0 when
   this is none. (A batch script may mean it so.) */
long launcher_tasks_left_alone(int size);
