/* What the main thread does for its crew: draws ranges into the ring, and answers other ranks. */
#include <math.h>

#include "core/clock.h"
#include "pool/crew_parts.h"

double crew_ring_seconds(const struct crew *crew, double item_seconds) {
  return (double)ring_items(&crew->ring) * item_seconds / (double)crew->threads;
}

/* One range at least, and no more than last until the main thread looks again: what waits here when
   the job ends is late. */
static bool ring_wants_more(const struct crew *crew, double item_seconds) {
  uint64_t count = ring_count(&crew->ring);
  if (count == 0) {
    return true;
  }
  if (item_seconds == 0) {
    return count < crew->threads;
  }
  double planned = crew_main_holds_post(crew) ? MAIN_SLICE : MANAGER_PAUSE;
  double enough = 2 * fmax(planned, fmin(crew->away, LONGEST_STOCK / 2));
  return count < RING_PLACES && crew_ring_seconds(crew, item_seconds) < enough;
}

void crew_stop_drawing(struct crew *crew) {
  const struct dispatcher *dispatcher = crew->plan.dispatcher;
  if (crew->exhausted) {
    return;
  }
  crew->exhausted = true;
  if (dispatcher->finish != NULL) {
    dispatcher->finish(crew->plan.source);
  }
  atomic_store(&crew->drained, true);
}

static bool next_is_ready(const struct crew *crew, double unit_seconds) {
  const struct dispatcher *dispatcher = crew->plan.dispatcher;
  return dispatcher->ready == NULL || dispatcher->ready(crew->plan.source, unit_seconds);
}

static void note_absence(struct crew *crew) {
  double now = clock_seconds();
  double forgotten = crew->away * 0.95;
  crew->away = crew->filled > 0 ? fmax(forgotten, now - crew->filled) : 0;
  crew->filled = now;
}

/* The next range into the ring. */
static void draw(struct crew *crew, double unit_seconds) {
  struct post *own = &crew->posts[0];
  struct range positions;
  double waited = 0;
  if (crew->plan.dispatcher->next(crew->plan.source, unit_seconds, &positions, &waited)) {
    crew->drawn = positions.hi;
    ring_put(&crew->ring, positions);
  } else {
    crew_stop_drawing(crew);
  }
  if (crew_main_holds_post(crew) && own->empty_since == 0) {
    own->worker.time.waited += waited; /* with work in hand, so it is not counted otherwise */
  }
}

/* The first draw is never left out: it may be collective. */
static bool nothing_is_needed(const struct crew *crew) {
  uint64_t limit = atomic_load_explicit(&crew->limit, memory_order_relaxed);
  return crew->drawn > 0 && route_is_over(crew->plan.route, crew->drawn, limit);
}

/* Where ranks outnumber cores each look at MPI may give the core away, and others may empty the
   ring as fast as it is filled: so this ends after a while in any case. */
static void fill_ring(struct crew *crew) {
  enum { DRAWS_A_LOOK = 8 }; /* at the clock */
  double item_seconds = atomic_load_explicit(&crew->item_seconds, memory_order_relaxed);
  double unit_seconds = item_seconds * (double)crew->plan.model->grain;
  note_absence(crew);
  for (unsigned draws = 1; !crew->exhausted && ring_wants_more(crew, item_seconds); draws++) {
    if (nothing_is_needed(crew)) {
      crew_stop_drawing(crew);
    } else if (!next_is_ready(crew, unit_seconds)) {
      return;
    } else {
      draw(crew, unit_seconds);
    }
    if (draws % DRAWS_A_LOOK == 0 && clock_seconds() - crew->filled > MANAGER_PAUSE) {
      return;
    }
  }
}

void crew_manage(struct crew *crew) {
  uint64_t done = atomic_load_explicit(&crew->posts[0].done, memory_order_relaxed);
  watch_look(crew->plan.watch, done);
  if (crew->plan.dispatcher->serve != NULL) {
    crew->plan.dispatcher->serve(crew->plan.source);
  }
  fill_ring(crew);
}

/* With a margin between taking post 0 up and giving it back, for measures vary. */
bool crew_main_may_work(const struct crew *crew, bool holds) {
  double seconds = atomic_load_explicit(&crew->item_seconds, memory_order_relaxed);
  double call = seconds * crew->longest;
  return seconds > 0 && call < (holds ? LONGEST_UNIT : LONGEST_UNIT / 2);
}
