#include "mpi/call.h"

#include <stdio.h>
#include <string.h>

void mpi_call_check(int code, const char *call, const char *file, int line) {
  if (code == MPI_SUCCESS) {
    return;
  }
  char reason[MPI_MAX_ERROR_STRING] = "unknown error";
  char host[MPI_MAX_PROCESSOR_NAME] = "?";
  int length;
  int rank = -1;
  MPI_Error_string(code, reason, &length);
  MPI_Get_processor_name(host, &length);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  fprintf(stderr, "parbench: rank %d on %s: %.*s failed (%s:%d): %s\n", rank, host,
          (int)strcspn(call, "("), call, file, line, reason);
  MPI_Abort(MPI_COMM_WORLD, 1);
}
