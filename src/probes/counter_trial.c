#include "probes/counter_trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "flags/flag.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "probes/start.h"

double counter_trial_seconds_each(const struct counter_trial *trial) {
  return trial->seconds / (double)trial->expected;
}

int64_t counter_trial_lost(const struct counter_trial *trial) {
  return (int64_t)(trial->expected - trial->counted);
}

/* So rarely that looks do not show in what an increment takes. */
enum { INCREMENTS_A_LOOK = 256 };

static enum status add_some(const struct counter_kind *kind, void *state, uint64_t increments,
                            struct fault *fault) {
  for (uint64_t i = 0; i < increments; i++) {
    if (kind->add(state, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return STATUS_OK;
}

/* Until another rank fails: nobody counts on for hours then. */
static void add_all(const struct counter_kind *kind, void *state, uint64_t increments,
                    void *failure, struct fault *fault) {
  while (increments > 0 && auto_flag.poll(failure) > 0) {
    uint64_t some = increments < INCREMENTS_A_LOOK ? increments : INCREMENTS_A_LOOK;
    if (add_some(kind, state, some, fault) != STATUS_OK) {
      auto_flag.lower(failure, 0);
      return;
    }
    increments -= some;
  }
}

/* Who has just served somebody will soon be asked again, and does not sleep. */
static void wait_for_others(const struct counter_kind *kind, void *state, void *failure,
                            const struct team *team) {
  MPI_Request request;
  struct waiter waiter;
  int done;
  MPI_CALL(MPI_Ibarrier(team->comm, &request));
  waiter_start(&waiter, team, team->rank == 0 ? WAIT_SERVING : WAIT_BRISK);
  while (MPI_CALL(MPI_Test(&request, &done, MPI_STATUS_IGNORE)), !done) {
    auto_flag.poll(failure); /* for news to be passed on */
    if (kind->serve != NULL && kind->serve(state)) {
      waiter_start(&waiter, team, WAIT_SERVING);
    } else {
      waiter_pause(&waiter);
    }
  }
}

static void count(const struct counter_kind *kind, void *state, void *failure,
                  const struct team *team, uint64_t increments, struct counter_trial *trial,
                  struct fault *fault) {
  start_together(team);
  double start = clock_seconds() + team->clock_offset;
  add_all(kind, state, increments, failure, fault);
  double end = clock_seconds() + team->clock_offset;
  wait_for_others(kind, state, failure, team);

  double highest[] = {end, -start, end - start};
  double busy = end - start;
  team_reduce(team, highest, 3, MPI_MAX);
  team_reduce(team, &busy, 1, MPI_SUM);
  trial->expected = (uint64_t)team->size * increments;
  trial->seconds = highest[0] + highest[1];
  trial->busy_max = highest[2];
  trial->busy_mean = busy / team->size;
}

static enum status open_counter(const struct counter_kind *kind, void *state,
                                const struct counter_place *place, struct fault *fault) {
  const struct team *team = place->team;
  if (kind->one_node && team->nodes > 1) { /* every rank knows it */
    return fault_set(fault, STATUS_USAGE,
                     "--kind: %s needs memory that all ranks share, and they are on %d nodes",
                     kind->name, team->nodes);
  }
  fault->status = STATUS_OK;
  if (state == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  }
  return team_agree(team, fault) == STATUS_OK ? kind->open(state, place, fault) : fault->status;
}

enum status counter_trial_run(const struct counter_kind *kind, const struct counter_place *place,
                              uint64_t increments, struct counter_trial *trial,
                              struct fault *fault) {
  const struct team *team = place->team;
  void *state = calloc(1, kind->size);
  *trial = (struct counter_trial){.kind = kind};
  if (open_counter(kind, state, place, fault) != STATUS_OK) {
    snprintf(trial->left_out, sizeof trial->left_out, "%s", fault->text);
    free(state);
    return fault->status;
  }
  void *failure = NULL;
  const struct flag_settings no_settings = {0};
  *fault = (struct fault){.status = STATUS_OK};
  if (auto_flag.open(place->team, &no_settings, &failure, fault) == STATUS_OK) {
    count(kind, state, failure, team, increments, trial, fault);
    auto_flag.close(failure, fault);
    if (fault->status == STATUS_OK && team->rank == 0) {
      kind->read(state, &trial->counted, fault);
    }
  }
  enum status status = team_agree(team, fault);
  kind->close(state);
  free(state);
  return status;
}
