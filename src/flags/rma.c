/* rma: the limit is a word of rank 0's that every rank reads and lowers by one-sided MPI. One
   operation is in flight; it is tested, never waited for. */
#include <stdlib.h>

#include "flags/flag.h"
#include "flags/kept_limit.h"
#include "mpi/one_sided.h"
#include "mpi/wait.h"

struct rma_flag {
  const struct team *team;
  struct remote_words words; /* the first is the limit */
  struct kept_limit limit;
};

static enum status rma_open(struct team *team, const struct flag_settings *settings, void **state,
                            struct fault *fault) {
  static const uint64_t untouched[REMOTE_WORDS] = {UINT64_MAX};
  (void)settings;
  struct rma_flag *flag = flag_allocate(team, sizeof *flag, fault);
  if (flag == NULL) {
    return fault->status;
  }
  *flag = (struct rma_flag){.team = team, .limit = KEPT_LIMIT_UNTOUCHED};
  if (remote_words_open(&flag->words, team, untouched, fault) != STATUS_OK) {
    free(flag);
    return fault->status;
  }
  *state = flag;
  return STATUS_OK;
}

static void start(struct rma_flag *flag) {
  bool lowers = kept_limit_is_news(&flag->limit);
  uint64_t limit = kept_limit_tell(&flag->limit);
  remote_words_start(&flag->words, 1, lowers ? MPI_MIN : MPI_NO_OP, &limit);
}

/* Whether the next operation may be started. */
static bool is_done(struct rma_flag *flag) {
  bool was_busy = remote_words_busy(&flag->words);
  if (!remote_words_done(&flag->words)) {
    return false;
  }
  if (was_busy) {
    kept_limit_hear(&flag->limit, flag->words.results[0]); /* what the word was */
  }
  return true;
}

static uint64_t rma_poll(void *state) {
  struct rma_flag *flag = state;
  if (is_done(flag)) {
    if (flag->team->rank == 0 && !kept_limit_is_news(&flag->limit)) {
      kept_limit_hear(&flag->limit, remote_words_own(&flag->words, 0));
    } else {
      start(flag);
    }
  }
  return flag->limit.lowest;
}

static void rma_lower(void *state, uint64_t limit) {
  struct rma_flag *flag = state;
  kept_limit_learn(&flag->limit, limit);
  rma_poll(flag);
}

/* Nothing is in flight, and nothing has been lowered behind it. */
static bool is_settled(struct rma_flag *flag) {
  if (is_done(flag) && kept_limit_is_news(&flag->limit)) {
    start(flag);
  }
  return !remote_words_busy(&flag->words);
}

static void rma_close(void *state, struct fault *fault) {
  struct rma_flag *flag = state;
  struct waiter waiter;
  (void)fault;
  waiter_start(&waiter, flag->team, WAIT_BRISK);
  while (!is_settled(flag)) {
    waiter_pause(&waiter);
  }
  /* Rank 0 must enter MPI for others until all are done: the barrier's tests do that. */
  remote_words_close(&flag->words);
  free(flag);
}

const struct flag_kind rma_flag = {
    .name = "rma",
    .summary = "a word at rank 0, by one-sided MPI",
    .open = rma_open,
    .lower = rma_lower,
    .poll = rma_poll,
    .close = rma_close,
};
