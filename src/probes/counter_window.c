/* window, window-lock and atomic: the counter is a word in memory that the ranks of a node share.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "mpi/wait.h"
#include "probes/counter_kind.h"

/* In the node's memory; each on cache lines of its own. */
struct words {
  _Alignas(64) volatile uint64_t plain; /* volatile: loaded and stored at every increment */
  _Alignas(64) _Atomic uint64_t atomic;
  _Alignas(64) pthread_mutex_t mutex;
};
static_assert(sizeof(struct words) <= TEAM_NODE_MEMORY, "the node's memory is too small");
static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(uint64_t) == sizeof(long long),
              "processes share the word: a lock hidden in the C library would be another in each");

struct window_counter {
  const struct team *team;
  struct words *words;
};

static enum status make_mutex(pthread_mutex_t *mutex, struct fault *fault) {
  pthread_mutexattr_t shared;
  int error = pthread_mutexattr_init(&shared);
  if (error == 0) {
    error = pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    error = error == 0 ? pthread_mutex_init(mutex, &shared) : error;
    pthread_mutexattr_destroy(&shared);
  }
  return error == 0
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED, "no lock in shared memory: %s", strerror(error));
}

static enum status window_open(void *state, const struct counter_place *place,
                               struct fault *fault) {
  struct window_counter *counter = state;
  const struct team *team = place->team;
  *counter = (struct window_counter){.team = team, .words = team->node_memory};
  fault->status = STATUS_OK;
  if (team->node_rank == 0) {
    counter->words->plain = 0;
    atomic_store(&counter->words->atomic, 0);
    make_mutex(&counter->words->mutex, fault);
  }
  return team_agree(team, fault);
}

static void window_close(void *state) {
  struct window_counter *counter = state;
  team_barrier(counter->team, counter->team->comm, WAIT_BRISK);
  if (counter->team->node_rank == 0) {
    pthread_mutex_destroy(&counter->words->mutex);
  }
}

static enum status window_read(void *state, uint64_t *value, struct fault *fault) {
  const struct window_counter *counter = state;
  (void)fault;
  *value = counter->words->plain;
  return STATUS_OK;
}

static enum status window_add(void *state, struct fault *fault) {
  const struct window_counter *counter = state;
  (void)fault;
  counter->words->plain = counter->words->plain + 1;
  return STATUS_OK;
}

/* Who finds it locked sleeps in the system until the holder wakes him: a holder that has lost its
   core makes nobody spin. */
static enum status window_lock_add(void *state, struct fault *fault) {
  const struct window_counter *counter = state;
  pthread_mutex_lock(&counter->words->mutex);
  window_add(state, fault);
  pthread_mutex_unlock(&counter->words->mutex);
  return STATUS_OK;
}

static enum status atomic_add(void *state, struct fault *fault) {
  const struct window_counter *counter = state;
  (void)fault;
  atomic_fetch_add_explicit(&counter->words->atomic, 1, memory_order_relaxed);
  return STATUS_OK;
}

static enum status atomic_read(void *state, uint64_t *value, struct fault *fault) {
  const struct window_counter *counter = state;
  (void)fault;
  *value = atomic_load(&counter->words->atomic);
  return STATUS_OK;
}

const struct counter_kind window_counter = {
    .name = "window",
    .summary = "a word in shared memory: load, add, store",
    .one_node = true,
    .size = sizeof(struct window_counter),
    .open = window_open,
    .add = window_add,
    .read = window_read,
    .close = window_close,
};

const struct counter_kind window_lock_counter = {
    .name = "window-lock",
    .summary = "the same under a lock in shared memory",
    .safe = true,
    .one_node = true,
    .size = sizeof(struct window_counter),
    .open = window_open,
    .add = window_lock_add,
    .read = window_read,
    .close = window_close,
};

const struct counter_kind atomic_counter = {
    .name = "atomic",
    .summary = "one atomic addition in shared memory",
    .safe = true,
    .one_node = true,
    .size = sizeof(struct window_counter),
    .open = window_open,
    .add = atomic_add,
    .read = atomic_read,
    .close = window_close,
};
