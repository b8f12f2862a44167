/* Every MPI call is checked: MPI_CALL(MPI_Ibarrier(...)). A call that fails ends the job with one
   line that names the rank, its host, the call and the place. */
#pragma once

#include <mpi.h>

#define MPI_CALL(call) mpi_call_check((call), #call, __FILE__, __LINE__)

void mpi_call_check(int code, const char *call, const char *file, int line);
