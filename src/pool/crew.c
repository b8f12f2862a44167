#include "pool/crew.h"

#include <stdlib.h>
#include <string.h>

#include "mpi/wait.h"
#include "pool/crew_parts.h"

static void begin(struct crew *crew) {
  const struct timeline *begun = crew->plan.model->timeline;
  pthread_mutex_lock(&crew->lock);
  for (size_t i = 0; begun != NULL && i < crew->threads; i++) {
    crew->posts[i].timeline = *begun;
    crew->posts[i].worker.timeline = &crew->posts[i].timeline;
  }
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
  if (!crew_main_holds_post(crew)) {
    atomic_store(&crew->main_wants_post, crew_main_may_work(crew, false));
    return false;
  }
  if (crew_post_is_ended(own)) {
    return false;
  }
  if (!crew_main_may_work(crew, true)) {
    give_post_to_substitute(crew);
    return false;
  }
  uint64_t chunks = own->worker.chunks;
  uint64_t items = own->worker.items;
  crew_man_post(own, &crew_main_thread);
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
    crew_exchange_news(crew); /* once more after the end, too */
    crew_manage(crew);
    if (take_part(crew)) {
      start_managing(&waiter, crew->plan.team);
    } else if (!ended) {
      waiter_pause(&waiter);
    }
  }
  crew_stop_drawing(crew);
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

static enum status start_thread(struct crew *crew, size_t index, struct fault *fault) {
  struct post *post = &crew->posts[index];
  const struct tally *tally = crew->plan.model->tally;
  *post = (struct post){.worker = *crew->plan.model, .crew = crew};
  post->worker.shown = &post->done;
  post->worker.flag = crew;
  post->worker.source = post;
  post->worker.leave = true;
  post->worker.tally = &post->tally;
  if (tally_init(&post->tally, tally->shape, fault) != STATUS_OK) {
    return fault->status;
  }
  int error = pthread_create(&post->thread, NULL, index == 0 ? crew_stand_in : crew_help, post);
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
