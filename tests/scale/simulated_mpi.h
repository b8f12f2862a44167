/* Included before every source of the simulated program: its clock, its sleep and its collective
   calls are the simulation's. */
#pragma once

#include <mpi.h>
#include <sched.h>
#include <smpi/smpi_helpers.h>
#include <time.h>

/* The simulator's header has a macro of this name for itself. */
#undef MPI_CALL

/* Time (simulated_time.c). What else the program does takes none: ranks cost nothing but their
   sleep, their looks at the clock and their MPI calls. */
#undef clock_gettime
#undef nanosleep
#define clock_gettime simulated_clock_gettime
#define nanosleep simulated_nanosleep
#define sched_yield() simulated_yield()

int simulated_clock_gettime(clockid_t clock, struct timespec *now);
int simulated_nanosleep(const struct timespec *pause, struct timespec *left);
int simulated_yield(void);

/* Let the rank do something else, or nothing, for as long. */
void simulated_time_passes(double seconds);

/* Nonblocking collectives (simulated_collectives.c). Those of the simulator are no model of any MPI
   library: in an Iallreduce all ranks send to all, and one in place adds up wrongly. */
#define MPI_Comm_dup simulated_comm_dup
#define MPI_Comm_split simulated_comm_split
#define MPI_Comm_split_type simulated_comm_split_type
#define MPI_Comm_free simulated_comm_free
#define MPI_Ibarrier simulated_ibarrier
#define MPI_Ibcast simulated_ibcast
#define MPI_Iallreduce simulated_iallreduce
#define MPI_Iprobe simulated_iprobe
#define MPI_Test simulated_test
#define MPI_Testall simulated_testall

int simulated_comm_dup(MPI_Comm comm, MPI_Comm *copy);
int simulated_comm_split(MPI_Comm comm, int color, int key, MPI_Comm *part);
int simulated_comm_split_type(MPI_Comm comm, int type, int key, MPI_Info info, MPI_Comm *part);
int simulated_comm_free(MPI_Comm *comm);
int simulated_ibarrier(MPI_Comm comm, MPI_Request *request);
int simulated_ibcast(void *buffer, int count, MPI_Datatype type, int root, MPI_Comm comm,
                     MPI_Request *request);
int simulated_iallreduce(const void *in, void *out, int count, MPI_Datatype type, MPI_Op op,
                         MPI_Comm comm, MPI_Request *request);
int simulated_iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status);
int simulated_test(MPI_Request *request, int *flag, MPI_Status *status);
int simulated_testall(int count, MPI_Request *requests, int *flag, MPI_Status *statuses);
