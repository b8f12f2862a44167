/* master: the classic. Every rank asks rank 0 for its next chunk by message, before the present one
   is done, so that it need not wait while rank 0 answers within a slice. */
#include <stdlib.h>

#include "core/clock.h"
#include "pool/speed.h"
#include "pool/supply.h"

static enum status master_open(const struct team *team, const struct hand_out *hand_out,
                               void **source, struct fault *fault) {
  struct supply *supply = malloc(sizeof *supply);
  struct fault own = {.status = STATUS_OK};
  if (supply == NULL) {
    fault_set(&own, STATUS_FAILED, "out of memory");
  }
  if (team_agree(team, &own) != STATUS_OK) {
    free(supply);
    *fault = own;
    return own.status;
  }
  uint64_t workers = hand_out_workers(hand_out, team->size);
  if (supply_open(supply, team, hand_out, workers, 1, UINT64_MAX, fault) != STATUS_OK) {
    free(supply);
    return fault->status;
  }
  *source = supply;
  return STATUS_OK;
}

static bool to_range(const struct supply *supply, struct portion portion, struct range *range) {
  *range = hand_out_range(supply->hand_out, portion.first, portion.units);
  return portion.units > 0;
}

/* Rank 0 takes for itself what it does between two looks at its mail, and nothing when that is more
   than a moment's work and others are there to do it. */
static bool next_at_root(struct supply *supply, double unit_seconds, struct range *range) {
  if (supply->team->size > 1 && hand_out_is_too_long(supply->hand_out, unit_seconds)) {
    return false;
  }
  supply_serve(supply);
  return to_range(supply, supply_take(supply, speed_of(unit_seconds)), range);
}

static bool master_next(void *source, double unit_seconds, struct range *range, double *waited) {
  struct supply *supply = source;
  if (supply->team->rank == 0) {
    return next_at_root(supply, unit_seconds, range);
  }
  if (!supply_is_asked(supply)) {
    supply_ask(supply, speed_of(unit_seconds));
  }
  struct portion portion;
  if (!supply_answered(supply, &portion)) {
    double start = clock_seconds();
    supply_wait(supply, &portion);
    *waited += clock_seconds() - start;
  }
  if (portion.units > 0) {
    supply_ask(supply, speed_of(unit_seconds)); /* for the time after this one */
  }
  return to_range(supply, portion, range);
}

static bool master_ready(void *source, double unit_seconds) {
  struct supply *supply = source;
  if (supply->team->rank == 0) {
    return true;
  }
  if (!supply_is_asked(supply)) {
    supply_ask(supply, speed_of(unit_seconds));
  }
  return supply_has_answer(supply);
}

static void master_serve(void *source) {
  struct supply *supply = source;
  if (supply->team->rank == 0) {
    supply_serve(supply);
  }
}

static uint64_t master_handed_out(const void *source) {
  return ((const struct supply *)source)->next;
}

static void master_finish(void *source) {
  struct supply *supply = source;
  struct portion unused;
  if (supply_is_asked(supply)) {
    supply_wait(supply, &unused);
  }
}

static void master_close(void *source) {
  supply_close(source);
  free(source);
}

const struct dispatcher master_dispatcher = {
    .name = "master",
    .summary = "every rank asks rank 0 for its next chunk",
    .open = master_open,
    .next = master_next,
    .ready = master_ready,
    .serve = master_serve,
    .handed_out = master_handed_out,
    .finish = master_finish,
    .close = master_close,
};
