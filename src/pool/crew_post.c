/* Working at a post, and the threads that do. */
#include "core/clock.h"
#include "mpi/wait.h"
#include "pool/crew_parts.h"

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
  crew_manage(crew);
  double half = crew_ring_seconds(crew, atomic_load(&crew->item_seconds)) / 2;
  post->worker.slice_seconds = crew->exhausted || half > MAIN_SLICE ? MAIN_SLICE
                               : half < SHORTEST_SLICE              ? SHORTEST_SLICE
                                                                    : half;
  post->worker.leave = !crew_main_may_work(crew, true);
}

static const struct manning helper = {&crew_helper_flag, helper_between};
static const struct manning substitute = {&crew_helper_flag, substitute_between};
const struct manning crew_main_thread = {&crew_main_flag, main_between};

static bool has_work_in_hand(const struct post *post) {
  return range_length(post->items) > 0 || range_length(post->positions) > 0;
}

/* When there is work again, post 0 may be another thread's. */
static void begin_waiting(struct post *post) {
  if (post->empty_since == 0) {
    post->empty_since = clock_seconds();
    worker_pause(&post->worker, post->empty_since);
  }
}

static void end_waiting(struct post *post) {
  if (post->empty_since > 0) {
    worker_resume(&post->worker, post->empty_since);
    post->empty_since = 0;
  }
}

static void end_post(struct post *post) {
  end_waiting(post);
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
  end_waiting(post);
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

void crew_man_post(struct post *post, const struct manning *manning) {
  struct worker *worker = &post->worker;
  worker->flag_kind = manning->flag_kind;
  worker->serve = manning->between;
  if (worker->leave) { /* somebody else left it, or nobody has been here yet */
    worker->leave = false;
    worker->slice_seconds = 0; /* the main thread sets its own */
    worker_start_slice(worker);
  }
  while (!worker->leave) {
    enum taking taking = has_work_in_hand(post) ? TAKEN : take(post);
    if (taking == EMPTY) {
      begin_waiting(post);
      return;
    }
    if (taking == NO_MORE || do_what_is_in_hand(post) != STATUS_OK) {
      end_post(post);
      return;
    }
  }
}

bool crew_post_is_ended(const struct post *post) {
  return post->ended > 0;
}

/* A thread of its own at a post, until its work has ended or, the substitute, must leave it. */
static void stay_at_post(struct post *post, const struct manning *manning) {
  struct crew *crew = post->crew;
  struct waiter waiter;
  uint64_t chunks = UINT64_MAX;
  while (crew_man_post(post, manning), !crew_post_is_ended(post) && !post->worker.leave) {
    if (manning == &substitute && atomic_load(&crew->main_wants_post)) {
      return;
    }
    if (post->worker.chunks != chunks) { /* something was done since the last pause */
      waiter_start(&waiter, crew->plan.team, WAIT_SERVING);
      waiter.team = NULL; /* only the main thread may call MPI, and so look outside */
      chunks = post->worker.chunks;
    }
    waiter_pause(&waiter);
  }
}

void *crew_help(void *data) {
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

void *crew_stand_in(void *data) {
  struct post *post = data;
  struct crew *crew = post->crew;
  pthread_mutex_lock(&crew->lock);
  while (!crew->over) {
    if (!crew->begun || crew_main_holds_post(crew)) {
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
