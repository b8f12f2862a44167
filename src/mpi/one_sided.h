/* One-sided MPI: words of rank 0 that every rank can change without rank 0's help. */
#pragma once

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "mpi/team.h"

/* Before MPI starts: see to it that one-sided operations work with this machine's settings, unless
   the user has chosen some (docs/clusters.md). */
void one_sided_prepare(void);

/* Collective. `size` bytes of rank 0's memory for one-sided operations of all ranks; *base: them,
   on rank 0. STATUS_FAILED, with what to set, where the MPI library cannot do it. */
enum status one_sided_open(const struct team *team, size_t size, uint64_t **base, MPI_Win *window,
                           struct fault *fault);

/* Collective, outside of any epoch. */
void one_sided_close(const struct team *team, MPI_Win *window);

enum { REMOTE_WORDS = 4 };

/* A few 64-bit words in rank 0's memory. A rank has at most one operation on them under way. Over a
   network without such hardware an operation completes when rank 0 next enters MPI. */
struct remote_words {
  const struct team *team;
  MPI_Win window;
  _Atomic uint64_t *own; /* rank 0: the words */
  MPI_Request request;   /* MPI_REQUEST_NULL: none under way */
  uint64_t operands[REMOTE_WORDS], results[REMOTE_WORDS];
};

/* Collective. initial[REMOTE_WORDS]: what the words are at first. STATUS_FAILED, with what to set,
   where the MPI library cannot do it. */
enum status remote_words_open(struct remote_words *words, const struct team *team,
                              const uint64_t *initial, struct fault *fault);

/* Start replacing word i by (word i op operands[i]), for i < count, each atomically, and getting
   what it was before; op as for MPI_Accumulate (MPI_NO_OP: only get). Any rank; never waits. */
void remote_words_start(struct remote_words *words, int count, MPI_Op op, const uint64_t *operands);

/* Whether the operation is complete; then words->results holds what the words were before it. Never
   waits, and lets others' operations go on. */
bool remote_words_done(struct remote_words *words);

/* The same just after the start, where it may be complete in shared memory: leaves others' alone,
   and where ranks outnumber cores does not give up the core. */
bool remote_words_done_at_once(struct remote_words *words);

/* Rank 0: word i as it stands now, without an operation: over TCP, Open MPI's operations of rank 0
   on itself wait for those of others, up to a second was seen. Never waits, and lets others'
   operations go on. */
uint64_t remote_words_own(struct remote_words *words, int i);

static inline bool remote_words_busy(const struct remote_words *words) {
  return words->request != MPI_REQUEST_NULL;
}

/* Collective, with no operation under way. */
void remote_words_close(struct remote_words *words);
