#include "pool/crew.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/wait.h"
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

/* The limit: lowered in the rank by an atomic minimum, and between ranks by the flag's own kind. */

static void lower_here(struct crew *crew, uint64_t limit) {
  uint64_t known = atomic_load(&crew->limit);
  while (limit < known && !atomic_compare_exchange_weak(&crew->limit, &known, limit)) {
  }
}

static void exchange_news(struct crew *crew) {
  uint64_t limit = atomic_load(&crew->limit);
  if (limit < crew->told) {
    crew->told = limit;
    crew->plan.flag_kind->lower(crew->plan.flag, limit);
  }
  uint64_t heard = crew->plan.flag_kind->poll(crew->plan.flag);
  if (heard < crew->told) {
    crew->told = heard;
    lower_here(crew, heard);
  }
}

static void helper_lower(void *flag, uint64_t limit) {
  lower_here(flag, limit);
}

static uint64_t helper_poll(void *flag) {
  return atomic_load_explicit(&((struct crew *)flag)->limit, memory_order_relaxed);
}

static void main_lower(void *flag, uint64_t limit) {
  lower_here(flag, limit);
  exchange_news(flag);
}

static uint64_t main_poll(void *flag) {
  exchange_news(flag);
  return helper_poll(flag);
}

static const struct flag_kind helper_flag = {.lower = helper_lower, .poll = helper_poll};
static const struct flag_kind main_flag = {.lower = main_lower, .poll = main_poll};

/* Managing. */

static double seconds_left_in_ring(const struct crew *crew, double item_seconds) {
  return (double)ring_items(&crew->ring) * item_seconds / (double)crew->threads;
}

static bool main_holds_post(const struct crew *crew) {
  return atomic_load_explicit(&crew->holder, memory_order_acquire) == MAIN;
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

static void serve_others_and_fill(struct crew *crew) {
  if (crew->plan.dispatcher->serve != NULL) {
    crew->plan.dispatcher->serve(crew->plan.source);
  }
  fill_ring(crew);
}

/* Whether the main thread's calls of the workload leave it the time to manage. With a margin
   between taking post 0 up and giving it back, for measures vary. */
static bool main_may_work(const struct crew *crew, bool holds) {
  double seconds = atomic_load_explicit(&crew->item_seconds, memory_order_relaxed);
  double call = seconds * crew->longest;
  return seconds > 0 && call < (holds ? LONGEST_UNIT : LONGEST_UNIT / 2);
}

/* Between slices. */

static void publish_speed(struct post *post) {
  _Atomic double *shared = &post->crew->item_seconds;
  double measured = post->worker.item_seconds;
  double known = atomic_load_explicit(shared, memory_order_relaxed);
  double smoothed = known > 0 ? known + (measured - known) / 4 : measured;
  atomic_store_explicit(shared, smoothed, memory_order_relaxed);
}

static void helper_between(void *data) {
  publish_speed(data);
}

static void substitute_between(void *data) {
  struct post *post = data;
  publish_speed(post);
  post->worker.leave = atomic_load_explicit(&post->crew->main_wants_post, memory_order_relaxed);
}

static void main_between(void *data) {
  struct post *post = data;
  struct crew *crew = post->crew;
  publish_speed(post);
  serve_others_and_fill(crew);
  double half = seconds_left_in_ring(crew, atomic_load(&crew->item_seconds)) / 2;
  post->worker.slice_seconds = crew->exhausted || half > MAIN_SLICE ? MAIN_SLICE
                               : half < SHORTEST_SLICE              ? SHORTEST_SLICE
                                                                    : half;
  post->worker.leave = !main_may_work(crew, true);
}

/* Working. */

/* How a post is manned: by whom, and what that means between slices. */
struct manning {
  const struct flag_kind *flag_kind;
  void (*between)(void *post);
};

static const struct manning helper = {&helper_flag, helper_between};
static const struct manning substitute = {&helper_flag, substitute_between};
static const struct manning main_thread = {&main_flag, main_between};

static bool has_work_in_hand(const struct post *post) {
  return range_length(post->items) > 0 || range_length(post->positions) > 0;
}

static void end_post(struct post *post) {
  worker_end_slice(&post->worker);
  post->ended = clock_seconds();
  atomic_fetch_sub(&post->crew->posts_open, 1);
}

enum taking { TAKEN, EMPTY, NO_MORE };

static enum taking take(struct post *post) {
  struct crew *crew = post->crew;
  if (post->next == post->count) {
    bool drained = atomic_load(&crew->drained);
    post->next = 0;
    post->count = ring_take(&crew->ring, crew->threads, post->hand);
    if (post->count == 0) {
      return drained ? NO_MORE : EMPTY;
    }
  }
  post->positions = post->hand[post->next++];
  post->worker.chunks++;
  if (post->empty_since > 0) {
    double waited = clock_seconds() - post->empty_since;
    post->worker.start += waited; /* waiting is no work */
    post->worker.waited += waited;
    post->empty_since = 0;
  }
  return TAKEN;
}

static enum status do_what_is_in_hand(struct post *post) {
  enum status status = STATUS_OK;
  while (status == STATUS_OK && has_work_in_hand(post) && !post->worker.leave) {
    if (range_length(post->items) == 0) {
      post->items = route_take(post->crew->plan.route, &post->positions);
    }
    status = worker_do_range(&post->worker, post->items, &post->fault);
    post->items = post->worker.leave ? post->worker.rest : (struct range){0};
  }
  return status;
}

/* Work at a post until its work has ended, the thread must leave it, or the ring is empty. */
static void man_post(struct post *post, const struct manning *manning) {
  struct worker *worker = &post->worker;
  worker->flag_kind = manning->flag_kind;
  worker->serve = manning->between;
  if (worker->leave) { /* somebody else left it, or nobody has been here yet */
    worker->leave = false;
    worker_start_slice(worker);
  }
  while (!worker->leave) {
    enum taking taking = has_work_in_hand(post) ? TAKEN : take(post);
    if (taking == EMPTY) {
      post->empty_since = post->empty_since > 0 ? post->empty_since : clock_seconds();
      return;
    }
    if (taking == NO_MORE || do_what_is_in_hand(post) != STATUS_OK) {
      end_post(post);
      return;
    }
  }
}

static bool is_ended(const struct post *post) {
  return post->ended > 0;
}

/* A thread of its own at a post, until its work has ended or, the substitute, must leave it. */
static void stay_at_post(struct post *post, const struct manning *manning) {
  struct crew *crew = post->crew;
  struct waiter waiter;
  uint64_t chunks = UINT64_MAX;
  while (man_post(post, manning), !is_ended(post) && !post->worker.leave) {
    if (manning == &substitute && atomic_load(&crew->main_wants_post)) {
      return;
    }
    if (post->worker.chunks != chunks) { /* something was done since the last pause */
      waiter_start(&waiter, crew->plan.team, WAIT_SERVING);
      chunks = post->worker.chunks;
    }
    waiter_pause(&waiter);
  }
}

static void *help(void *data) {
  struct post *post = data;
  struct crew *crew = post->crew;
  pthread_mutex_lock(&crew->lock);
  while (!crew->begun && !crew->over) {
    pthread_cond_wait(&crew->change, &crew->lock);
  }
  bool works = crew->begun;
  pthread_mutex_unlock(&crew->lock);
  if (works) {
    stay_at_post(post, &helper);
  }
  return NULL;
}

static void *stand_in(void *data) {
  struct post *post = data;
  struct crew *crew = post->crew;
  pthread_mutex_lock(&crew->lock);
  while (!crew->over) {
    if (!crew->begun || main_holds_post(crew)) {
      pthread_cond_wait(&crew->change, &crew->lock);
      continue;
    }
    pthread_mutex_unlock(&crew->lock);
    stay_at_post(post, &substitute);
    pthread_mutex_lock(&crew->lock);
    atomic_store(&crew->holder, MAIN);
  }
  pthread_mutex_unlock(&crew->lock);
  return NULL;
}

static void begin(struct crew *crew) {
  pthread_mutex_lock(&crew->lock);
  crew->begun = true;
  pthread_cond_broadcast(&crew->change);
  pthread_mutex_unlock(&crew->lock);
}

static void give_post_to_substitute(struct crew *crew) {
  atomic_store(&crew->main_wants_post, false);
  pthread_mutex_lock(&crew->lock);
  atomic_store(&crew->holder, SUBSTITUTE);
  pthread_cond_broadcast(&crew->change);
  pthread_mutex_unlock(&crew->lock);
}

/* The main thread works at post 0 if it may; true when it did something there. */
static bool take_part(struct crew *crew) {
  struct post *own = &crew->posts[0];
  if (!main_holds_post(crew)) {
    atomic_store(&crew->main_wants_post, main_may_work(crew, false));
    return false;
  }
  if (is_ended(own)) {
    return false;
  }
  if (!main_may_work(crew, true)) {
    give_post_to_substitute(crew);
    return false;
  }
  uint64_t chunks = own->worker.chunks;
  uint64_t items = own->worker.items;
  man_post(own, &main_thread);
  return own->worker.chunks != chunks || own->worker.items != items;
}

static enum status first_fault(const struct crew *crew, struct fault *fault) {
  for (size_t i = 0; i < crew->threads; i++) {
    const struct fault *inner = &crew->posts[i].fault;
    if (inner->status != STATUS_OK) {
      return fault_set(fault, inner->status, "thread %zu: %s", i, inner->text);
    }
  }
  return STATUS_OK;
}

static void start_managing(struct waiter *waiter, const struct team *team) {
  waiter_start(waiter, team, WAIT_SERVING);
  waiter->longest = MANAGER_PAUSE;
}

enum status crew_work(struct crew *crew, struct fault *fault) {
  struct waiter waiter;
  bool ended = false;
  begin(crew);
  start_managing(&waiter, crew->plan.team);
  while (!ended) {
    ended = atomic_load(&crew->posts_open) == 0;
    exchange_news(crew); /* once more after the end, too */
    serve_others_and_fill(crew);
    if (take_part(crew)) {
      start_managing(&waiter, crew->plan.team);
    } else if (!ended) {
      waiter_pause(&waiter);
    }
  }
  return first_fault(crew, fault);
}

void crew_add_up(const struct crew *crew, struct tally *tally, struct labour *labour) {
  for (size_t i = 0; i < crew->threads; i++) {
    tally_add(tally, &crew->posts[i].tally);
  }
  for (size_t i = 0; i < crew->threads; i++) {
    labour_add(labour, &crew->posts[i].worker, tally->limit);
    labour->ended = labour->ended > crew->posts[i].ended ? labour->ended : crew->posts[i].ended;
  }
}

/* Opening and closing. */

static enum status start_thread(struct crew *crew, size_t index, struct fault *fault) {
  struct post *post = &crew->posts[index];
  const struct tally *tally = crew->plan.model->tally;
  *post = (struct post){.worker = *crew->plan.model, .crew = crew};
  post->worker.flag = crew;
  post->worker.source = post;
  post->worker.leave = true;
  post->worker.tally = &post->tally;
  if (tally_init(&post->tally, tally->shape, fault) != STATUS_OK) {
    return fault->status;
  }
  int error = pthread_create(&post->thread, NULL, index == 0 ? stand_in : help, post);
  if (error != 0) {
    tally_free(&post->tally);
    return fault_set(fault, STATUS_FAILED, "thread %zu of %zu cannot be started: %s", index + 1,
                     crew->threads, strerror(error));
  }
  crew->started++;
  return STATUS_OK;
}

struct crew *crew_open(const struct crew_plan *plan, struct fault *fault) {
  size_t threads = (size_t)plan->threads;
  struct crew *crew =
      aligned_alloc(_Alignof(struct crew), sizeof *crew + threads * sizeof crew->posts[0]);
  if (crew == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory for %zu threads", threads);
    return NULL;
  }
  *crew = (struct crew){.plan = *plan,
                        .threads = threads,
                        .holder = SUBSTITUTE, /* until it is known how long units take */
                        .told = UINT64_MAX,
                        .longest = (double)plan->model->shortest};
  ring_clear(&crew->ring);
  atomic_store(&crew->limit, UINT64_MAX);
  atomic_store(&crew->posts_open, (int)threads);
  pthread_mutex_init(&crew->lock, NULL);
  pthread_cond_init(&crew->change, NULL);
  while (crew->started < threads) {
    if (start_thread(crew, crew->started, fault) != STATUS_OK) {
      crew_close(crew);
      return NULL;
    }
  }
  return crew;
}

void crew_close(struct crew *crew) {
  if (crew == NULL) {
    return;
  }
  pthread_mutex_lock(&crew->lock);
  crew->over = true;
  pthread_cond_broadcast(&crew->change);
  pthread_mutex_unlock(&crew->lock);
  for (size_t i = 0; i < crew->started; i++) {
    pthread_join(crew->posts[i].thread, NULL);
    tally_free(&crew->posts[i].tally);
  }
  pthread_cond_destroy(&crew->change);
  pthread_mutex_destroy(&crew->lock);
  free(crew);
}
