/* server: rank 0 holds the limit, and answers every rank that gets or sets it by message. A rank
   keeps one question in flight: its own limit goes out and the lowest one comes back. */
#include <stdbool.h>
#include <stdlib.h>

#include "flags/flag.h"
#include "flags/kept_limit.h"
#include "mpi/call.h"
#include "mpi/wait.h"

enum { TAG_QUESTION = 2, TAG_ANSWER = 3 };

struct server {
  const struct team *team;
  struct kept_limit limit; /* at rank 0 the lowest of all */

  uint64_t question; /* at rank 0 the next to arrive, at others the one in flight */
  uint64_t answer;
  MPI_Request arrival; /* rank 0 */
  MPI_Request sending; /* others */
  MPI_Request reply;   /* others; MPI_REQUEST_NULL: nothing is in flight */
};

static void await_question(struct server *server) {
  MPI_CALL(MPI_Irecv(&server->question, 1, MPI_UINT64_T, MPI_ANY_SOURCE, TAG_QUESTION,
                     server->team->flag_comm, &server->arrival));
}

static enum status server_open(struct team *team, const struct flag_settings *settings, void **flag,
                               struct fault *fault) {
  (void)settings;
  struct server *server = flag_allocate(team, sizeof *server, fault);
  if (server == NULL) {
    return fault->status;
  }
  *server = (struct server){.team = team,
                            .limit = KEPT_LIMIT_UNTOUCHED,
                            .arrival = MPI_REQUEST_NULL,
                            .sending = MPI_REQUEST_NULL,
                            .reply = MPI_REQUEST_NULL};
  if (team->rank == 0 && team->size > 1) {
    await_question(server);
  }
  *flag = server;
  return STATUS_OK;
}

/* One question a rank at most: so many may ask that this would not end. */
static void serve(struct server *server) {
  for (int i = 1; i < server->team->size; i++) {
    int arrived;
    MPI_Status status;
    MPI_CALL(MPI_Test(&server->arrival, &arrived, &status));
    if (!arrived || status.MPI_SOURCE < 0) {
      return; /* none, or (a team of one) none is awaited */
    }
    kept_limit_learn(&server->limit, server->question);
    /* Eight bytes to a rank that has posted the receive: this does not wait for it. */
    MPI_CALL(MPI_Send(&server->limit.lowest, 1, MPI_UINT64_T, status.MPI_SOURCE, TAG_ANSWER,
                      server->team->flag_comm));
    await_question(server);
  }
}

static void ask(struct server *server) {
  server->question = kept_limit_tell(&server->limit);
  MPI_CALL(MPI_Irecv(&server->answer, 1, MPI_UINT64_T, 0, TAG_ANSWER, server->team->flag_comm,
                     &server->reply));
  MPI_CALL(MPI_Isend(&server->question, 1, MPI_UINT64_T, 0, TAG_QUESTION, server->team->flag_comm,
                     &server->sending));
}

/* Whether no question is in flight any more. */
static bool is_answered(struct server *server) {
  int done;
  bool was_asked = server->reply != MPI_REQUEST_NULL;
  MPI_CALL(MPI_Test(&server->reply, &done, MPI_STATUS_IGNORE));
  if (done && was_asked) {
    /* The answer came, so the question has arrived. */
    wait_for_all(server->team, 1, &server->sending, WAIT_BRISK, NULL, NULL);
    kept_limit_hear(&server->limit, server->answer);
  }
  return done != 0;
}

static uint64_t server_poll(void *flag) {
  struct server *server = flag;
  if (server->team->rank == 0) {
    serve(server);
  } else if (is_answered(server)) {
    ask(server);
  }
  return server->limit.lowest;
}

static void server_lower(void *flag, uint64_t limit) {
  struct server *server = flag;
  kept_limit_learn(&server->limit, limit);
  server_poll(server);
}

static void await_answer(struct server *server) {
  struct waiter waiter;
  waiter_start(&waiter, server->team, WAIT_BRISK);
  while (!is_answered(server)) {
    waiter_pause(&waiter);
  }
}

static void keep_serving(void *flag) {
  const struct server *server = flag;
  if (server->team->rank == 0) {
    serve(flag);
  }
}

static void server_close(void *flag, struct fault *fault) {
  struct server *server = flag;
  const struct team *team = server->team;
  (void)fault;
  if (team->rank != 0) {
    await_answer(server);
    if (kept_limit_is_news(&server->limit)) { /* lowered behind a question in flight */
      ask(server);
      await_answer(server);
    }
  }
  MPI_Request all_answered;
  MPI_CALL(MPI_Ibarrier(team->comm, &all_answered));
  wait_for_all(team, 1, &all_answered, WAIT_BRISK, keep_serving, server);
  if (server->arrival != MPI_REQUEST_NULL) {
    MPI_CALL(MPI_Cancel(&server->arrival));
    wait_for_all(team, 1, &server->arrival, WAIT_BRISK, NULL, NULL);
  }
  free(server);
}

const struct flag_kind server_flag = {
    .name = "server",
    .summary = "rank 0 holds the limit and answers messages",
    .open = server_open,
    .lower = server_lower,
    .poll = server_poll,
    .close = server_close,
};
