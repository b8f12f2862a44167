/* The inside of a crew (pool/crew.h): its posts, and what its parts do for one another. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pool/crew.h"
#include "pool/ring.h"

/* The main thread's slices: it looks after the ring and the others this often. At 0.1 ms it spends
   less than 1 % of its time on that; the ring lasts twice as long. */
static const double MAIN_SLICE = 0.1e-3;
static const double SHORTEST_SLICE = 5e-6;

/* Where threads outnumber cores it may be off its core for longer than it meant to: the ring lasts
   as long as it has been away lately, up to this. */
static const double LONGEST_STOCK = 20e-3;

/* The same while it only manages: the longest it sleeps. Waking up costs some 5 us. */
static const double MANAGER_PAUSE = 0.5e-3;

enum holder { MAIN, SUBSTITUTE };

/* A worker's place. Post 0 is held by the main thread or by its substitute, whatever is in hand. */
struct post {
  _Alignas(128) struct worker worker;
  struct tally tally;
  struct timeline timeline; /* where the rank keeps one */
  struct crew *crew;
  struct range hand[RING_HANDFUL]; /* taken from the ring, of which [next, count) are untouched */
  size_t next, count;
  struct range positions; /* of the present one: not yet begun */
  struct range items;     /* of the route's present piece of it: left at the end of a slice */
  double empty_since;     /* no work in hand; 0: there is */
  double ended;           /* clock_seconds() at the end of its work */
  struct fault fault;
  /* Items, between slices: for the main thread while others are at the post. */
  _Atomic uint64_t done;
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

/* How a post is manned: by whom, and what that means between slices. */
struct manning {
  const struct flag_kind *flag_kind;
  void (*between)(void *post);
};

extern const struct manning crew_main_thread;

static inline bool crew_main_holds_post(const struct crew *crew) {
  return atomic_load_explicit(&crew->holder, memory_order_acquire) == MAIN;
}

/* crew_limit.c: the limit is lowered in the rank by an atomic minimum, and between ranks by the
   flag's own kind. Main thread: tell other ranks what is new here, and hear what is new there. */
void crew_exchange_news(struct crew *crew);
extern const struct flag_kind crew_helper_flag, crew_main_flag;

/* crew_manage.c, main thread. How long the ring lasts its workers. */
double crew_ring_seconds(const struct crew *crew, double item_seconds);

/* Answer other ranks, and fill the ring. */
void crew_manage(struct crew *crew);

/* Draw no more; again and again is as good as once. */
void crew_stop_drawing(struct crew *crew);

/* Whether the main thread's calls of the workload leave it the time to manage. */
bool crew_main_may_work(const struct crew *crew, bool holds);

/* crew_post.c. Work at a post until its work has ended, the thread must leave it, or the ring is
   empty. */
void crew_man_post(struct post *post, const struct manning *manning);
bool crew_post_is_ended(const struct post *post);

/* What threads do, given their post: a helper, and the substitute of the main thread. */
void *crew_help(void *data);
void *crew_stand_in(void *data);
