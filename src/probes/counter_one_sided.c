/* fetch-and-op and win-lock: the counter is a word of rank 0's that the others change by one-sided
   MPI, in one atomic operation, or by getting and putting it under the window's lock. */
#include "mpi/call.h"
#include "mpi/one_sided.h"
#include "mpi/wait.h"
#include "probes/counter_kind.h"

/* Over a network an operation goes on when rank 0 enters MPI, which cannot be told to it: so rank 0
   never sleeps there. */
static bool needs_rank0(const struct team *team) {
  return team->rank == 0 && team->nodes > 1;
}

static enum status fetch_and_op_open(void *state, const struct counter_place *place,
                                     struct fault *fault) {
  static const uint64_t zeros[REMOTE_WORDS];
  return remote_words_open(state, place->team, zeros, fault);
}

/* Get the word, and replace it by (word op 1). */
static uint64_t operate(struct remote_words *words, MPI_Op op) {
  static const uint64_t one = 1;
  struct waiter waiter;
  remote_words_start(words, 1, op, &one);
  if (!remote_words_done_at_once(words)) {
    waiter_start(&waiter, words->team, WAIT_BRISK);
    while (!remote_words_done(words)) {
      waiter_pause(&waiter);
    }
  }
  return words->results[0];
}

static enum status fetch_and_op_add(void *state, struct fault *fault) {
  (void)fault;
  operate(state, MPI_SUM);
  return STATUS_OK;
}

static enum status fetch_and_op_read(void *state, uint64_t *value, struct fault *fault) {
  (void)fault;
  *value = operate(state, MPI_NO_OP);
  return STATUS_OK;
}

static bool fetch_and_op_serve(void *state) {
  const struct remote_words *words = state;
  return needs_rank0(words->team);
}

static void fetch_and_op_close(void *state) {
  remote_words_close(state);
}

const struct counter_kind fetch_and_op_counter = {
    .name = "fetch-and-op",
    .summary = "one atomic operation of one-sided MPI",
    .safe = true,
    .size = sizeof(struct remote_words),
    .open = fetch_and_op_open,
    .add = fetch_and_op_add,
    .serve = fetch_and_op_serve,
    .read = fetch_and_op_read,
    .close = fetch_and_op_close,
};

struct win_lock {
  const struct team *team;
  MPI_Win window;
  uint64_t word;
};

static enum status win_lock_open(void *state, const struct counter_place *place,
                                 struct fault *fault) {
  struct win_lock *counter = state;
  uint64_t *base;
  counter->team = place->team;
  if (one_sided_open(place->team, sizeof *base, &base, &counter->window, fault) != STATUS_OK) {
    return fault->status;
  }
  if (place->team->rank == 0) {
    MPI_CALL(MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, counter->window));
    *base = 0;
    MPI_CALL(MPI_Win_unlock(0, counter->window));
  }
  team_barrier(place->team, place->team->comm, WAIT_BRISK);
  return STATUS_OK;
}

static enum status win_lock_add(void *state, struct fault *fault) {
  struct win_lock *counter = state;
  (void)fault;
  MPI_CALL(MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, counter->window));
  MPI_CALL(MPI_Get(&counter->word, 1, MPI_UINT64_T, 0, 0, 1, MPI_UINT64_T, counter->window));
  MPI_CALL(MPI_Win_flush(0, counter->window));
  counter->word++;
  MPI_CALL(MPI_Put(&counter->word, 1, MPI_UINT64_T, 0, 0, 1, MPI_UINT64_T, counter->window));
  MPI_CALL(MPI_Win_unlock(0, counter->window));
  return STATUS_OK;
}

static enum status win_lock_read(void *state, uint64_t *value, struct fault *fault) {
  struct win_lock *counter = state;
  (void)fault;
  MPI_CALL(MPI_Win_lock(MPI_LOCK_SHARED, 0, 0, counter->window));
  MPI_CALL(MPI_Get(&counter->word, 1, MPI_UINT64_T, 0, 0, 1, MPI_UINT64_T, counter->window));
  MPI_CALL(MPI_Win_unlock(0, counter->window));
  *value = counter->word;
  return STATUS_OK;
}

static bool win_lock_serve(void *state) {
  const struct win_lock *counter = state;
  return needs_rank0(counter->team);
}

static void win_lock_close(void *state) {
  struct win_lock *counter = state;
  one_sided_close(counter->team, &counter->window);
}

const struct counter_kind win_lock_counter = {
    .name = "win-lock",
    .summary = "one-sided MPI: lock the window, get, put, unlock",
    .safe = true,
    .size = sizeof(struct win_lock),
    .open = win_lock_open,
    .add = win_lock_add,
    .serve = win_lock_serve,
    .read = win_lock_read,
    .close = win_lock_close,
};
