/* What the MPI library was set to and has chosen, as its control variables (MPI_T) tell: those of a
   plug-in are there as long as it is in use. Only Open MPI's are known; of another library nothing
   is said. Nothing here is collective. */
#pragma once

#include <stdbool.h>

/* Whether it has a control variable of that name; also before MPI is started. */
bool library_has_variable(const char *name);

/* Also before MPI is started. Not by its header: versions 4 and 5 are the same to the linker. */
bool library_is_open_mpi_4(void);

struct library {
  char osc[128]; /* the choice of components for one-sided operations: "^ucx,rdma"; "" */
  /* Long messages within a host are read straight from the sender's memory (cross-memory attach),
     which a container may forbid; where this rank has neighbours. */
  bool copies_directly;
  const char *within_host, *between_hosts; /* the plug-in that carries messages: "vader", "tcp"; ""
                                              where that is not known */
};

/* After MPI was started; takes a fifth of a second, since Open MPI looks through all its plug-ins.
 */
void library_look(struct library *library);
