/* rma: no master. How far the index space is handed out stands in a word at rank 0, and every rank
   draws by one-sided MPI: it reads the word, computes its chunk itself, and adds that to the word.
   Another may add in between: then the chunk is one for a slightly earlier position, and begins
   where the addition found the word. The next chunk is drawn while the present one is worked on. */
#include <stdlib.h>

#include "core/clock.h"
#include "mpi/one_sided.h"
#include "mpi/wait.h"
#include "pool/dispatcher.h"
#include "pool/speed.h"

/* The words at rank 0: units handed out, and, for weights (pool/speed.h), the ranks' speeds. */
enum { POSITION, SPEED_SUM, SPEED_COUNT, WORDS };

struct rma {
  const struct team *team;
  const struct hand_out *hand_out;
  struct remote_words words;
  uint64_t units;
  uint64_t most; /* units of a chunk: every rank may add one at the end, and the word not wrap */
  enum { IDLE, READING, ADDING } state; /* of the draw under way */
  double unit_seconds;                  /* this rank's */
  uint64_t speed;                       /* as the words know it */
  uint64_t chunk;                       /* being added */
  uint64_t seen;                        /* the position at the last draw */
};

static enum status rma_open(const struct team *team, const struct hand_out *hand_out, void **source,
                            struct fault *fault) {
  static const uint64_t nothing[REMOTE_WORDS] = {0};
  struct rma *rma = malloc(sizeof *rma);
  struct fault own = {.status = STATUS_OK};
  if (rma == NULL) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK || rma == NULL) {
    free(rma);
    *fault = own;
    return own.status;
  }
  *rma = (struct rma){.team = team,
                      .hand_out = hand_out,
                      .units = hand_out_units(hand_out),
                      .most = (UINT64_C(1) << 62) / (uint64_t)team->size};
  if (remote_words_open(&rma->words, team, nothing, fault) != STATUS_OK) {
    free(rma);
    return fault->status;
  }
  *source = rma;
  return STATUS_OK;
}

static void start_reading(struct rma *rma) {
  remote_words_start(&rma->words, WORDS, MPI_NO_OP, NULL);
  rma->state = READING;
}

/* The words were read: add this rank's chunk, and its speed if that has changed. With nothing left
   the addition of 0 tells the same. */
static void start_adding(struct rma *rma) {
  const uint64_t *seen = rma->words.results;
  uint64_t position = seen[POSITION];
  uint64_t speed = speed_of(rma->unit_seconds);
  uint64_t newly_known = rma->speed == 0 && speed > 0;
  uint64_t sum = seen[SPEED_SUM] + speed - rma->speed;
  double weight = speed_weight(speed, sum, seen[SPEED_COUNT] + newly_known);
  rma->chunk = 0;
  if (position < rma->units) {
    rma->chunk = hand_out_chunk(rma->hand_out, rma->units, rma->units - position,
                                hand_out_workers(rma->hand_out, rma->team->size), weight);
    rma->chunk = rma->chunk < rma->most ? rma->chunk : rma->most;
  }
  const uint64_t more[WORDS] = {rma->chunk, speed - rma->speed, newly_known};
  rma->speed = speed;
  remote_words_start(&rma->words, WORDS, MPI_SUM, more);
  rma->state = ADDING;
}

/* Carry the draw under way as far as it goes without waiting; true when it is complete. */
static bool advance(struct rma *rma) {
  if (!remote_words_done(&rma->words)) {
    return false;
  }
  if (rma->state == READING) {
    start_adding(rma);
    return remote_words_done(&rma->words);
  }
  return rma->state == ADDING;
}

static void rma_serve(void *source) {
  struct rma *rma = source;
  if (rma->state == READING || rma->team->rank == 0) {
    advance(rma);
  }
}

static void complete(struct rma *rma, double *waited) {
  if (advance(rma)) {
    return;
  }
  double start = clock_seconds();
  struct waiter waiter;
  waiter_start(&waiter, rma->team, WAIT_BRISK);
  while (!advance(rma)) {
    waiter_pause(&waiter);
  }
  *waited += clock_seconds() - start;
}

/* Without hardware for it, an operation across nodes completes when rank 0 next enters MPI. With
   long units that would be late, and rank 0 leaves them to others. */
static bool draws_no_more(const struct rma *rma) {
  return rma->team->rank == 0 && rma->team->nodes > 1 &&
         hand_out_is_too_long(rma->hand_out, rma->unit_seconds);
}

static bool rma_ready(void *source, double unit_seconds) {
  struct rma *rma = source;
  rma->unit_seconds = unit_seconds;
  if (rma->state == IDLE) {
    start_reading(rma);
  }
  return advance(rma);
}

static bool rma_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct rma *rma = source;
  rma->unit_seconds = unit_seconds;
  if (rma->state == IDLE) {
    if (draws_no_more(rma)) {
      return false;
    }
    start_reading(rma);
  }
  complete(rma, waited);
  uint64_t first = rma->words.results[POSITION];
  rma->seen = first;
  rma->state = IDLE;
  if (first >= rma->units) {
    return false;
  }
  uint64_t left = rma->units - first;
  uint64_t units = rma->chunk < left ? rma->chunk : left;
  *range = hand_out_range(rma->hand_out, first, units);
  if (!draws_no_more(rma)) {
    start_reading(rma); /* for the time after this one */
  }
  return true;
}

/* As it was when rank 0 last drew. */
static uint64_t rma_handed_out(const void *source) {
  return ((const struct rma *)source)->seen;
}

static void rma_finish(void *source) {
  struct rma *rma = source;
  double unused = 0;
  if (rma->state != IDLE) {
    complete(rma, &unused);
    rma->state = IDLE;
  }
}

static void rma_close(void *source) {
  struct rma *rma = source;
  remote_words_close(&rma->words);
  free(rma);
}

const struct dispatcher rma_dispatcher = {
    .name = "rma",
    .summary = "no master: every rank draws from a word at rank 0 by one-sided MPI",
    .open = rma_open,
    .next = rma_next,
    .ready = rma_ready,
    .serve = rma_serve,
    .handed_out = rma_handed_out,
    .finish = rma_finish,
    .close = rma_close,
};
