/* What one kind of early-exit flag costs, and how fast it is. */
#pragma once

#include "flags/flag.h"

struct flag_conditions {
  struct team *team;
  struct flag_settings settings;
  double interval; /* seconds of work between two polls, of processor time */
  size_t repeats;  /* how often it is raised */
  uint64_t seed;
  double patience; /* seconds after which a raise counts as not heard */
};

/* Known on rank 0, but for `failed`. */
struct flag_trial {
  const struct flag_kind *kind;
  double poll_seconds; /* processor time of a poll: the median over the ranks */
  bool is_heard;       /* other ranks hear of a raise; without that there are no times */
  double *stop;        /* [repeats] from the raise to the last rank's stop, in seconds */
  double *wasted;      /* [repeats] from the raise to its own stop, over all ranks together */
  bool failed;         /* a rank did not hear what was raised, or before it was */
  double seconds;      /* that all raises took */
  double busy_max, busy_mean; /* seconds that a rank worked and polled, till it stopped */
  char left_out[sizeof((struct fault *)0)->text]; /* why it was not tried; empty: it was */
};

/* Collective. Needs flag_trial_free, whatever came of it. left_out is set where the kind cannot
   work here. */
enum status flag_trial_run(const struct flag_kind *kind, const struct flag_conditions *conditions,
                           struct flag_trial *trial, struct fault *fault);

void flag_trial_free(struct flag_trial *trial);
