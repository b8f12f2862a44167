/* server: rank 0 holds the counter, adds to it when a message asks for it, and answers with what it
   is then. */
#include "mpi/call.h"
#include "mpi/wait.h"
#include "probes/counter_kind.h"

enum { TAG_ADD = 210, TAG_ADDED };

struct server {
  const struct team *team;
  uint64_t value;      /* at rank 0 the counter, at others what was answered last */
  MPI_Request arrival; /* rank 0: the next request */
};

static void await_request(struct server *server) {
  MPI_CALL(
      MPI_Irecv(NULL, 0, MPI_BYTE, MPI_ANY_SOURCE, TAG_ADD, server->team->comm, &server->arrival));
}

static enum status server_open(void *state, const struct counter_place *place,
                               struct fault *fault) {
  struct server *server = state;
  (void)fault;
  *server = (struct server){.team = place->team, .arrival = MPI_REQUEST_NULL};
  if (place->team->rank == 0 && place->team->size > 1) {
    await_request(server);
  }
  return STATUS_OK;
}

static bool server_serve(void *state) {
  struct server *server = state;
  bool served = false;
  int arrived;
  MPI_Status status;
  while (server->arrival != MPI_REQUEST_NULL &&
         (MPI_CALL(MPI_Test(&server->arrival, &arrived, &status)), arrived)) {
    server->value++;
    /* Eight bytes to a rank that has posted the receive: this does not wait for it. */
    MPI_CALL(MPI_Send(&server->value, 1, MPI_UINT64_T, status.MPI_SOURCE, TAG_ADDED,
                      server->team->comm));
    await_request(server);
    served = true;
  }
  return served;
}

static void ask(struct server *server) {
  MPI_Request requests[2];
  MPI_Comm comm = server->team->comm;
  MPI_CALL(MPI_Irecv(&server->value, 1, MPI_UINT64_T, 0, TAG_ADDED, comm, &requests[0]));
  MPI_CALL(MPI_Isend(NULL, 0, MPI_BYTE, 0, TAG_ADD, comm, &requests[1]));
  wait_for_all(server->team, 2, requests, WAIT_BRISK, NULL, NULL);
}

static enum status server_add(void *state, struct fault *fault) {
  struct server *server = state;
  (void)fault;
  if (server->team->rank == 0) {
    server->value++;
    server_serve(server);
  } else {
    ask(server);
  }
  return STATUS_OK;
}

static enum status server_read(void *state, uint64_t *value, struct fault *fault) {
  const struct server *server = state;
  (void)fault;
  *value = server->value;
  return STATUS_OK;
}

static void server_close(void *state) {
  struct server *server = state;
  if (server->arrival != MPI_REQUEST_NULL) {
    MPI_CALL(MPI_Cancel(&server->arrival));
    wait_for_all(server->team, 1, &server->arrival, WAIT_BRISK, NULL, NULL);
  }
}

const struct counter_kind server_counter = {
    .name = "server",
    .summary = "rank 0 holds it and answers messages",
    .safe = true,
    .size = sizeof(struct server),
    .open = server_open,
    .add = server_add,
    .serve = server_serve,
    .read = server_read,
    .close = server_close,
};
