/* Counting with one kind of counter: everything that is alike for all of them. */
#pragma once

#include "probes/counter_kind.h"

/* Known on rank 0. */
struct counter_trial {
  const struct counter_kind *kind;
  uint64_t expected, counted;
  double seconds;             /* from the start of the first rank to the end of the last */
  double busy_max, busy_mean; /* seconds that a rank took for its share */
  char left_out[sizeof((struct fault *)0)->text]; /* why it was not tried; empty: it was */
};

/* What an increment took: the wall time of the whole over the increments of all ranks. */
double counter_trial_seconds_each(const struct counter_trial *trial);

/* Negative where more was counted than was added, as torn writes into a file could do. */
int64_t counter_trial_lost(const struct counter_trial *trial);

/* Collective. Every rank adds 1 `increments` times, all starting together. Whether something was
   lost is no fault; STATUS_USAGE, or STATUS_FAILED with left_out set, where the kind cannot work
   here. */
enum status counter_trial_run(const struct counter_kind *kind, const struct counter_place *place,
                              uint64_t increments, struct counter_trial *trial,
                              struct fault *fault);
