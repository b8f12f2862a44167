/* ping_pong ROUNDS, on two ranks: 16 bytes there and back by blocking calls. Prints the messages a
   second: what asking rank 0 for every task is measured against. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static void exchange(int rank, int rounds) {
  char bytes[16] = "";
  for (int i = 0; i < rounds; i++) {
    if (rank == 0) {
      MPI_Send(bytes, sizeof bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
      MPI_Recv(bytes, sizeof bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else if (rank == 1) {
      MPI_Recv(bytes, sizeof bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      MPI_Send(bytes, sizeof bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    }
  }
}

int main(int argc, char **argv) {
  int rank;
  int size;
  int rounds = argc == 2 ? (int)strtol(argv[1], NULL, 10) : 0;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (rounds < 1 || size != 2) {
    fprintf(stderr, "usage: mpirun -np 2 ping_pong ROUNDS\n");
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  exchange(rank, rounds / 10); /* warm-up */
  double start = MPI_Wtime();
  exchange(rank, rounds);
  if (rank == 0) {
    printf("%.6g\n", 2 * rounds / (MPI_Wtime() - start));
  }
  MPI_Finalize();
  return 0;
}
