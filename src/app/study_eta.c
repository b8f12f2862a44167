#include "app/study_eta.h"

#include <math.h>

/* What the entries that were begun with took, for all of them. */
static double extrapolate(double spent, double done, size_t count) {
  return done > 0 ? spent / done * (double)count : spent;
}

/* Of one group, as far as is known. */
static double opening_seconds(const struct study_eta *eta, const struct study_pace *pace,
                              double now) {
  if (pace->began > 0) {
    return pace->began - pace->opened;
  }
  double spent = now - pace->opened;
  double done = (double)pace->at + pace->part;
  double before = eta->group > 0 ? eta->opening / (double)eta->group : 0;
  return done > 0 ? extrapolate(spent, done, pace->count) : fmax(before, spent);
}

/* The first round is always made to its end. */
static double first_round_left(const struct study_eta *eta, const struct study_pace *pace,
                               double now) {
  double spent = now - pace->round_began;
  return fmax(eta->rules.seconds, extrapolate(spent, (double)pace->at, pace->count)) - spent;
}

/* A later one is begun only when it fits; this one has begun. */
static double rounds_left(struct study_eta *eta, const struct study_pace *pace, double now) {
  double allowed = eta->rules.seconds - (pace->round_began - pace->began);
  double most = (double)(STUDY_MOST_ROUNDS - pace->rounds);
  double rounds = fmax(1, fmin(most, floor(allowed / pace->next_round)));
  double present = pace->round_began + pace->next_round;
  double end = pace->round_began + rounds * pace->next_round;
  if (eta->promised > 0) {
    end = fmax(present, fmin(end, eta->promised));
  }
  eta->promised = end;
  return end - now;
}

static double group_left(struct study_eta *eta, const struct study_pace *pace, double now) {
  if (pace->began == 0) {
    return opening_seconds(eta, pace, now) - (now - pace->opened) + eta->rules.seconds;
  }
  return pace->rounds == 0 ? first_round_left(eta, pace, now) : rounds_left(eta, pace, now);
}

void study_eta_next(struct study_eta *eta, const struct study_pace *pace) {
  eta->opening += pace->began - pace->opened;
  eta->promised = 0;
  eta->group++;
}

double study_eta_left(struct study_eta *eta, const struct study_pace *pace, double now) {
  double opening = (eta->opening + opening_seconds(eta, pace, now)) / ((double)eta->group + 1);
  double later = (double)(eta->groups - eta->group - 1) * (opening + eta->rules.seconds);
  return fmax(0, group_left(eta, pace, now)) + later;
}
