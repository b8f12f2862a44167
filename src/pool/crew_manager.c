/* What the main thread of a crew does beside working. */
#include <math.h>

#include "core/clock.h"
#include "pool/crew_parts.h"

/* The main thread's slices: it looks after the ring and the others this often. At 0.1 ms it spends
   less than 1 % of its time on that; the ring lasts twice as long. */
static const double MAIN_SLICE = 0.1e-3;
static const double SHORTEST_SLICE = 5e-6;

/* Where threads outnumber cores it may be off its core for longer than it meant to: the ring lasts
   as long as it has been away lately, up to this. */
static const double LONGEST_STOCK = 20e-3;

/* The limit: lowered in the rank by an atomic minimum, and between ranks by the flag's own kind. */

void crew_lower(void *data, uint64_t limit) {
  struct crew *crew = data;
  uint64_t known = atomic_load(&crew->limit);
  while (limit < known && !atomic_compare_exchange_weak(&crew->limit, &known, limit)) {
  }
}

uint64_t crew_limit(void *data) {
  const struct crew *crew = data;
  return atomic_load_explicit(&crew->limit, memory_order_relaxed);
}

void manager_exchange_news(struct crew *crew) {
  uint64_t limit = atomic_load(&crew->limit);
  if (limit < crew->told) {
    crew->told = limit;
    crew->plan.flag_kind->lower(crew->plan.flag, limit);
  }
  uint64_t heard = crew->plan.flag_kind->poll(crew->plan.flag);
  if (heard < crew->told) {
    crew->told = heard;
    crew_lower(crew, heard);
  }
}

static void main_lower(void *crew, uint64_t limit) {
  crew_lower(crew, limit);
  manager_exchange_news(crew);
}

static uint64_t main_poll(void *crew) {
  manager_exchange_news(crew);
  return crew_limit(crew);
}

static const struct flag_kind main_flag = {.lower = main_lower, .poll = main_poll};

static double seconds_left_in_ring(const struct crew *crew, double item_seconds) {
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
  double planned = main_holds_post(crew) ? MAIN_SLICE : MANAGER_PAUSE;
  double enough = 2 * fmax(planned, fmin(crew->away, LONGEST_STOCK / 2));
  return count < RING_PLACES && seconds_left_in_ring(crew, item_seconds) < enough;
}

static void stop_drawing(struct crew *crew) {
  const struct dispatcher *dispatcher = crew->plan.dispatcher;
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
    stop_drawing(crew);
  }
  if (main_holds_post(crew) && own->empty_since == 0) {
    own->worker.waited += waited; /* with work in hand, so it is not counted otherwise */
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
      stop_drawing(crew);
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

void manager_serve_and_fill(struct crew *crew) {
  if (crew->plan.dispatcher->serve != NULL) {
    crew->plan.dispatcher->serve(crew->plan.source);
  }
  fill_ring(crew);
}

bool manager_may_work(const struct crew *crew, bool holds) {
  double seconds = atomic_load_explicit(&crew->item_seconds, memory_order_relaxed);
  double call = seconds * crew->longest;
  return seconds > 0 && call < (holds ? LONGEST_UNIT : LONGEST_UNIT / 2);
}

static void main_between(void *data) {
  struct post *post = data;
  struct crew *crew = post->crew;
  post_publish_speed(post);
  manager_serve_and_fill(crew);
  double half = seconds_left_in_ring(crew, atomic_load(&crew->item_seconds)) / 2;
  post->worker.slice_seconds = crew->exhausted || half > MAIN_SLICE ? MAIN_SLICE
                               : half < SHORTEST_SLICE              ? SHORTEST_SLICE
                                                                    : half;
  post->worker.leave = !manager_may_work(crew, true);
}

const struct manning main_manning = {&main_flag, main_between};
