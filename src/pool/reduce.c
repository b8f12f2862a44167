#include "pool/reduce.h"

#include <string.h>

#include "mpi/call.h"
#include "mpi/wait.h"

/* MPI has no 128-bit integers; two 64-bit words are one element. */
static void add_wide(void *in, void *inout, int *length, MPI_Datatype *type) {
  (void)type;
  /* MPI's own buffers need not be aligned for 128 bits. */
  for (int i = 0; i < *length; i++) {
    char *into = (char *)inout + (size_t)i * sizeof(uint128_t);
    uint128_t a;
    uint128_t b;
    memcpy(&a, (const char *)in + (size_t)i * sizeof a, sizeof a);
    memcpy(&b, into, sizeof b);
    b += a;
    memcpy(into, &b, sizeof b);
  }
}

void reduce_tally(const struct team *team, struct tally *tally, void (*between)(void *data),
                  void *data) {
  const struct tally_shape *shape = &tally->shape;
  MPI_Datatype wide_type;
  MPI_Op wide_add;
  MPI_Request requests[4];
  MPI_CALL(MPI_Type_contiguous(2, MPI_UINT64_T, &wide_type));
  MPI_CALL(MPI_Type_commit(&wide_type));
  MPI_CALL(MPI_Op_create(add_wide, 1, &wide_add));
  /* Every rank has the same shape, so all of them skip the same empty parts. Nonblocking, so that
     ranks that are done sleep while others work (mpi/wait.h). */
  int count = 0;
  if (shape->sums > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->sums, (int)shape->sums, MPI_UINT64_T, MPI_SUM,
                            team->comm, &requests[count++]));
  }
  if (shape->wide_sums > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->wide_sums, (int)shape->wide_sums, wide_type,
                            wide_add, team->comm, &requests[count++]));
  }
  if (shape->minima > 0) {
    MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, tally->minima, (int)shape->minima, MPI_UINT64_T, MPI_MIN,
                            team->comm, &requests[count++]));
  }
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, &tally->limit, 1, MPI_UINT64_T, MPI_MIN, team->comm,
                          &requests[count++]));
  wait_for_all(team, count, requests, WAIT_BRISK, between, data);
  MPI_CALL(MPI_Op_free(&wide_add));
  MPI_CALL(MPI_Type_free(&wide_type));
}
