/* The inside of a crew (pool/crew.h), for its own files: crew.c opens, runs and closes it,
   crew_manager.c is what the main thread does beside working, crew_post.c is working. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "pool/crew.h"
#include "pool/ring.h"

/* Seconds: the longest that the main thread sleeps while it only manages. Waking up costs some 5
 * us.
 */
static const double MANAGER_PAUSE = 0.5e-3;

enum holder { MAIN, SUBSTITUTE };

/* A worker's place. Post 0 is held by the main thread or by its substitute, whatever is in hand. */
struct post {
  _Alignas(128) struct worker worker;
  struct tally tally;
  struct crew *crew;
  struct range hand[RING_HANDFUL]; /* taken from the ring, of which [next, count) are untouched */
  size_t next, count;
  struct range positions; /* of the present one: not yet begun */
  struct range items;     /* of the route's present piece of it: left at the end of a slice */
  double empty_since;     /* no work in hand; 0: there is */
  double ended;           /* clock_seconds() at the end of its work */
  struct fault fault;
  pthread_t thread; /* the helper's; of post 0 the substitute's */
};

struct crew {
  struct crew_plan plan;
  size_t threads;
  size_t started; /* threads that run: posts [0, started) */
  struct ring ring;

  /* What threads tell one another while they work. */
  _Alignas(128) _Atomic uint64_t limit;      /* items at or above it are not needed */
  _Alignas(128) _Atomic double item_seconds; /* a smoothed measure over all workers; 0 before any */
  _Alignas(128) atomic_bool drained;         /* nothing will be put into the ring any more */
  atomic_bool main_wants_post;
  atomic_int posts_open; /* posts whose work is not ended */

  /* Threads sleep here before their work and after it, the substitute also while it has none. */
  pthread_mutex_t lock;
  pthread_cond_t change;
  bool begun, over;
  _Atomic enum holder holder; /* of post 0; changed under the lock */

  /* The main thread's. */
  uint64_t told;  /* the lowest limit told to, or heard from, other ranks */
  uint64_t drawn; /* the position after the last one drawn */
  double longest; /* items in the longest call that cannot be cut */
  bool exhausted; /* the source has nothing more */
  double filled;  /* clock_seconds() when it last looked after the ring */
  double away;    /* seconds between two such looks, the longest one lately */
  struct post posts[];
};

/* How a post is manned: by whom, and what that means for its worker. */
struct manning {
  const struct flag_kind *flag_kind; /* on the crew */
  void (*between)(void *post);       /* between slices */
};

extern const struct manning main_manning;

static inline bool main_holds_post(const struct crew *crew) {
  return atomic_load_explicit(&crew->holder, memory_order_acquire) == MAIN;
}

/* The limit as the rank knows it: lower it, or read it. Any thread; `data` is the struct crew. */
void crew_lower(void *data, uint64_t limit);
uint64_t crew_limit(void *data);

/* The main thread: tell other ranks of a lower limit, and hear of theirs. */
void manager_exchange_news(struct crew *crew);

/* The main thread: answer other ranks, and see to it that the ring lasts. */
void manager_serve_and_fill(struct crew *crew);

/* Whether the main thread's calls of the workload leave it the time to manage. With a margin
   between taking post 0 up and giving it back, for measures vary. */
bool manager_may_work(const struct crew *crew, bool holds);

/* Between slices, whoever works: the speed that was measured, for all. */
void post_publish_speed(struct post *post);

/* Work at a post until its work has ended, the thread must leave it, or the ring is empty. */
void post_man(struct post *post, const struct manning *manning);

static inline bool post_is_ended(const struct post *post) {
  return post->ended > 0;
}

/* Threads, `data` is the struct post: of a post from 1 on, and the substitute at post 0. */
void *post_help(void *data);
void *post_stand_in(void *data);
