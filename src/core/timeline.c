#include "core/timeline.h"

#include <math.h>

static const double FIRST_STRETCH = 1e-6;

void timeline_begin(struct timeline *timeline, double now) {
  *timeline = (struct timeline){.began = now, .stretch = FIRST_STRETCH};
}

static void join_neighbours(double *seconds) {
  for (size_t i = 0; i < TIMELINE_STRETCHES / 2; i++) {
    seconds[i] = seconds[2 * i] + seconds[2 * i + 1];
  }
  for (size_t i = TIMELINE_STRETCHES / 2; i < TIMELINE_STRETCHES; i++) {
    seconds[i] = 0;
  }
}

void timeline_coarsen(struct timeline *timeline, double stretch) {
  while (timeline->stretch < stretch) {
    join_neighbours(timeline->busy);
    join_neighbours(timeline->core);
    timeline->stretch *= 2;
  }
}

void timeline_reach(struct timeline *timeline, double seconds) {
  while (seconds > TIMELINE_STRETCHES * timeline->stretch) {
    timeline_coarsen(timeline, 2 * timeline->stretch);
  }
}

/* Seconds of work, and of a core, for each second from `begin` to `end` after the run's start. */
static void spread(struct timeline *timeline, double begin, double end, double busy, double core) {
  timeline_reach(timeline, end);
  for (size_t i = (size_t)(begin / timeline->stretch);
       i < TIMELINE_STRETCHES && (double)i * timeline->stretch < end; i++) {
    double low = fmax(begin, (double)i * timeline->stretch);
    double high = fmin(end, (double)(i + 1) * timeline->stretch);
    timeline->busy[i] += fmax(high - low, 0) * busy;
    timeline->core[i] += fmax(high - low, 0) * core;
  }
}

void timeline_add(struct timeline *timeline, double from, double to, double core) {
  if (to > from) {
    double share = fmin(fmax(core / (to - from), 0), 1);
    spread(timeline, from - timeline->began, to - timeline->began, 1, share);
  }
}

void timeline_delay(struct timeline *timeline, double seconds) {
  struct timeline before = *timeline;
  timeline_begin(timeline, before.began - seconds);
  for (size_t i = 0; i < timeline_count(&before); i++) {
    double begin = (double)i * before.stretch + seconds;
    double length = timeline_length(&before, i);
    if (length > 0) {
      spread(timeline, begin, begin + length, before.busy[i] / length, before.core[i] / length);
    }
  }
  timeline_coarsen(timeline, before.stretch);
  timeline->seconds = before.seconds + seconds;
}

void timeline_add_up(struct timeline *into, const struct timeline *from) {
  struct timeline other = *from;
  timeline_coarsen(into, other.stretch);
  timeline_coarsen(&other, into->stretch);
  for (size_t i = 0; i < TIMELINE_STRETCHES; i++) {
    into->busy[i] += other.busy[i];
    into->core[i] += other.core[i];
  }
}

size_t timeline_count(const struct timeline *timeline) {
  double count = ceil(timeline->seconds / timeline->stretch);
  return count < 1 ? 1 : count > TIMELINE_STRETCHES ? TIMELINE_STRETCHES : (size_t)count;
}

double timeline_length(const struct timeline *timeline, size_t index) {
  double begin = (double)index * timeline->stretch;
  return fmin(fmax(timeline->seconds - begin, 0), timeline->stretch);
}
