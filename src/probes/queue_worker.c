#include "probes/queue_worker.h"

#include <stdlib.h>

#include "core/clock.h"
#include "probes/queue_supply.h"

/* A worker asks for so much work ahead, in seconds: what passes between asking and getting, with
   ranks that sleep between their looks. */
static const double AHEAD_SECONDS = 200e-6;

enum { BURST = 64 }; /* jobs between two looks at anything else */

enum status queue_worker_open(struct queue_worker *worker, const struct queue_jobs *jobs,
                              const struct queue_numbers *numbers, struct queue_line *line,
                              const struct team *team, struct fault *fault) {
  unsigned producers = (unsigned)jobs->producers;
  *worker = (struct queue_worker){.jobs = jobs,
                                  .numbers = numbers,
                                  .line = line,
                                  .sources = calloc(producers, sizeof *worker->sources),
                                  .wanted = numbers->least};
  if (worker->sources == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  for (int i = 0; i < jobs->producers; i++) {
    if (inbox_open(&worker->sources[i].jobs, team, i, TAG_JOB,
                   sizeof(struct queue_message) + jobs->payload, (unsigned)numbers->credits,
                   fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return outbox_open(&worker->asks, team, TAG_ASK, sizeof(struct queue_ask), 2 * producers + 2,
                     fault);
}

static void do_job(struct queue_worker *worker, const struct queue_message *message,
                   struct fault *fault) {
  struct queue_word word = {.kind = RESULT, .a = message->number};
  if (queue_message_work(worker->jobs, message, &word.b, fault) == STATUS_OK) {
    outbox_send(&worker->line->reports, 0, &word);
    worker->done++;
  }
}

/* The next message of one producer, if there is one: a job or the end marker. */
static bool take(struct queue_worker *worker, struct queue_source *source, struct fault *fault) {
  const struct queue_message *message = source->marker ? NULL : inbox_take(&source->jobs, NULL);
  if (message == NULL) {
    return false;
  }
  if (message->number == QUEUE_END_MARKER) {
    source->marker = true;
  } else {
    source->asked--;
    if (!worker->line->stopped) {
      do_job(worker, message, fault);
    }
  }
  inbox_drop(&source->jobs);
  return true;
}

/* Go round the producers until none has anything. */
static unsigned take_burst(struct queue_worker *worker, struct fault *fault) {
  unsigned taken = 0;
  int empty = 0;
  while (taken < BURST && empty < worker->jobs->producers && fault->status == STATUS_OK &&
         (worker->line->stopped || outbox_has_room(&worker->line->reports, 1))) {
    if (take(worker, &worker->sources[worker->turn], fault)) {
      taken++;
      empty = 0;
    } else {
      empty++;
    }
    worker->turn = (worker->turn + 1) % worker->jobs->producers;
  }
  return taken;
}

/* Few jobs ahead when they are long, since they wait here while others may have none; many when
   they are short. */
static void choose_credits(struct queue_worker *worker, double job_seconds) {
  const struct queue_numbers *numbers = worker->numbers;
  worker->job_seconds =
      worker->job_seconds == 0 ? job_seconds : (3 * worker->job_seconds + job_seconds) / 4;
  double wanted = AHEAD_SECONDS / worker->job_seconds / worker->jobs->producers;
  worker->wanted = wanted < (double)numbers->least     ? numbers->least
                   : wanted > (double)numbers->credits ? numbers->credits
                                                       : (uint64_t)wanted;
}

/* For half of the credits at a time, to send fewer messages. */
static bool ask(struct queue_worker *worker, struct queue_source *source, int producer) {
  struct queue_ask ask = {.credits = ACKNOWLEDGED};
  bool acknowledge = source->marker && !source->told;
  bool more = !source->marker && !worker->line->stopped && source->asked <= worker->wanted / 2;
  if ((!acknowledge && !more) || !outbox_has_room(&worker->asks, 1)) {
    return false;
  }
  if (more) {
    ask.credits = worker->wanted - source->asked;
    source->asked = worker->wanted;
    worker->most_wanted =
        worker->wanted > worker->most_wanted ? worker->wanted : worker->most_wanted;
  }
  source->told = acknowledge;
  outbox_send(&worker->asks, producer, &ask);
  return true;
}

bool queue_worker_step(struct queue_worker *worker, struct fault *fault) {
  double start = clock_seconds();
  uint64_t done = worker->done;
  bool any = take_burst(worker, fault) > 0;
  if (worker->done > done) {
    double seconds = clock_seconds() - start;
    worker->busy += seconds;
    choose_credits(worker, seconds / (double)(worker->done - done));
  }
  for (int i = 0; i < worker->jobs->producers; i++) {
    any |= ask(worker, &worker->sources[i], i);
  }
  return any;
}

bool queue_worker_is_done(struct queue_worker *worker) {
  for (int i = 0; i < worker->jobs->producers; i++) {
    if (!worker->sources[i].told) {
      return false;
    }
  }
  return outbox_empty(&worker->asks);
}

void queue_worker_close(struct queue_worker *worker) {
  for (int i = 0; worker->sources != NULL && i < worker->jobs->producers; i++) {
    inbox_close(&worker->sources[i].jobs);
  }
  free(worker->sources);
  outbox_close(&worker->asks);
  *worker = (struct queue_worker){0};
}
