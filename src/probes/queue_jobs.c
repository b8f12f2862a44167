#include "probes/queue_jobs.h"

#include "core/clock.h"
#include "core/memory.h"
#include "mpi/wait.h"
#include "probes/queue_collector.h"
#include "probes/queue_local.h"
#include "probes/queue_producer.h"
#include "probes/queue_worker.h"

/* A rank and the parts that it plays: rank 0 collects and produces, the others do one thing. */
struct member {
  const struct team *team;
  const struct queue_jobs *jobs;
  struct queue_numbers numbers;
  bool collects, produces;
  struct queue_collector collector;
  struct queue_producer producer;
  struct queue_worker worker;
  struct queue_line line;
  struct fault own; /* this rank's */
};

/* Found with empty jobs on 2 cores (docs/probes.md): from 64 on more are of no use. */
static const uint64_t MOST_CREDITS = 64;
static const uint64_t MOST_CREDIT_BYTES = 1 << 20; /* of all the jobs that a worker asks for */

static struct queue_numbers choose_numbers(const struct queue_jobs *jobs, const struct team *team) {
  struct queue_numbers numbers = {.workers = team->size - jobs->producers};
  uint64_t bytes = queue_supply_slot_size(jobs->payload) * (uint64_t)jobs->producers;
  uint64_t fitting = MOST_CREDIT_BYTES / bytes;
  numbers.least = jobs->producers == 1 ? 2 : 1; /* the job at hand and the next one */
  numbers.credits = fitting > MOST_CREDITS    ? MOST_CREDITS
                    : fitting < numbers.least ? numbers.least
                                              : fitting;
  if (jobs->credits != 0) {
    numbers.least = jobs->credits;
    numbers.credits = jobs->credits;
  }
  numbers.slots = (unsigned)(2 * numbers.credits);
  /* Twice what all workers may have, so that the window never holds anyone up but behind a job that
     takes far longer than the others. */
  uint64_t out = numbers.credits * (uint64_t)jobs->producers * (uint64_t)team->size;
  numbers.window = 2 * out > 1024 ? 2 * out : 1024;
  numbers.limit =
      jobs->order == ORDERING_INPUT && numbers.window < jobs->count ? numbers.window : jobs->count;
  return numbers;
}

/* One rank looks for its node, before any takes its share. */
static enum status check_memory(const struct queue_jobs *jobs, const struct queue_numbers *numbers,
                                const struct team *team, struct fault *fault) {
  fault->status = STATUS_OK;
  if (team->node_rank == 0) {
    uint64_t slots = numbers->slots + numbers->credits * (uint64_t)jobs->producers;
    uint64_t bytes = slots * queue_supply_slot_size(jobs->payload) * (uint64_t)team->node_size;
    uint64_t kept = ordering_bytes(jobs->order, jobs->count, numbers->window);
    memory_check(bytes, "the jobs on their way", fault);
    if (team->rank == 0 && fault->status == STATUS_OK) {
      memory_check(kept, "keeping all results", fault);
    }
  }
  return team_agree(team, fault);
}

static enum status open_line(struct queue_line *line, const struct team *team,
                             struct fault *fault) {
  if (outbox_open(&line->reports, team, TAG_REPORT, sizeof(struct queue_word), 64, fault) !=
      STATUS_OK) {
    return fault->status;
  }
  return inbox_open(&line->control, team, 0, TAG_CONTROL, sizeof(struct queue_word), 4, fault);
}

static enum status member_open(struct member *member, struct queue_report *report,
                               struct fault *fault) {
  const struct queue_jobs *jobs = member->jobs;
  const struct queue_numbers *numbers = &member->numbers;
  const struct team *team = member->team;
  fault->status = STATUS_OK;
  if (member->collects) {
    queue_collector_open(&member->collector, jobs, numbers, team, report, fault);
  } else {
    open_line(&member->line, team, fault);
  }
  if (fault->status == STATUS_OK && member->produces) {
    queue_producer_open(&member->producer, jobs, numbers, team, fault);
  } else if (fault->status == STATUS_OK) {
    queue_worker_open(&member->worker, jobs, numbers, &member->line, team, fault);
  }
  return team_agree(team, fault);
}

static void member_close(struct member *member) {
  if (member->collects) {
    queue_collector_close(&member->collector);
  } else {
    outbox_close(&member->line.reports);
    inbox_close(&member->line.control);
  }
  if (member->produces) {
    queue_producer_close(&member->producer);
  } else {
    queue_worker_close(&member->worker);
  }
}

static void keep_fault(struct member *member, const struct fault *fault) {
  if (fault->status != STATUS_OK && member->own.status == STATUS_OK) {
    member->own = *fault;
  }
}

/* Rank 0: results, its own production, and the end. True when all is over. */
static bool lead(struct member *member, bool *any) {
  struct queue_collector *collector = &member->collector;
  struct queue_producer *producer = &member->producer;
  struct fault fault = {.status = STATUS_OK};
  *any = queue_collector_step(collector, &fault);
  keep_fault(member, &fault);
  fault.status = STATUS_OK;
  producer->limit = queue_collector_limit(collector);
  *any |= queue_producer_step(producer, &fault);
  keep_fault(member, &fault);
  collector->stopped = collector->stopped || member->own.status != STATUS_OK;
  producer->stopped = collector->stopped;
  bool all = queue_producer_is_done(producer) && queue_collector_has_all(collector);
  if (collector->stopped) {
    return queue_collector_dismiss(collector, STOP) && all;
  }
  return all && queue_collector_dismiss(collector, OVER);
}

static bool hear_control(struct member *member) {
  struct queue_line *line = &member->line;
  const struct queue_word *word = line->over ? NULL : inbox_take(&line->control, NULL);
  if (word == NULL) {
    return false;
  }
  if (word->kind == LIMIT) {
    member->producer.limit = word->a;
  } else {
    line->over = true;
    line->stopped = line->stopped || word->kind == STOP;
  }
  inbox_drop(&line->control);
  return true;
}

static void say(struct queue_line *line, bool *said, struct queue_word word) {
  if (!*said && outbox_has_room(&line->reports, 1)) {
    outbox_send(&line->reports, 0, &word);
    *said = true;
  }
}

static struct queue_word last_word(const struct member *member) {
  const struct queue_worker *worker = &member->worker;
  const struct queue_producer *producer = &member->producer;
  return member->produces ? (struct queue_word){.kind = FED,
                                                .a = (uint64_t)producer->marked,
                                                .b = (uint64_t)producer->acknowledged}
                          : (struct queue_word){.kind = WORKED,
                                                .a = worker->done,
                                                .b = (uint64_t)(1e9 * worker->busy),
                                                .c = worker->most_wanted};
}

/* The other ranks. True when all is over. */
static bool follow(struct member *member, bool *any) {
  struct queue_line *line = &member->line;
  struct fault fault = {.status = STATUS_OK};
  *any = hear_control(member);
  member->producer.stopped = line->stopped;
  *any |= member->produces ? queue_producer_step(&member->producer, &fault)
                           : queue_worker_step(&member->worker, &fault);
  keep_fault(member, &fault);
  if (member->own.status != STATUS_OK) {
    line->stopped = true;
    say(line, &line->said_failed, (struct queue_word){.kind = FAILED});
  }
  bool done = member->produces ? queue_producer_is_done(&member->producer)
                               : queue_worker_is_done(&member->worker);
  if (done && (member->own.status == STATUS_OK || line->said_failed)) {
    say(line, &line->said_last_word, last_word(member));
  }
  return line->said_last_word && line->over && outbox_empty(&line->reports);
}

/* Rank 0, when every rank is done. */
static enum status end_results(struct member *member, struct queue_report *report,
                               struct fault *fault) {
  report->markers += (uint64_t)member->producer.marked;
  report->acknowledged += (uint64_t)member->producer.acknowledged;
  return ordering_end(&member->collector.ordering, fault);
}

static void work_until_over(struct member *member) {
  const struct team *team = member->team;
  enum patience patience = member->produces ? WAIT_SERVING : WAIT_BRISK; /* others wait for jobs */
  struct waiter waiter;
  bool over = false;
  waiter_start(&waiter, team, patience);
  while (!over) {
    bool any = false;
    over = member->collects ? lead(member, &any) : follow(member, &any);
    if (any) {
      waiter_start(&waiter, team, patience);
    } else if (!over) {
      waiter_pause(&waiter);
    }
  }
}

/* The timed region: synchronise, start, feed and work and take, stop when every rank was done and
   every result was taken. */
static enum status run(struct member *member, struct queue_report *report, struct fault *fault) {
  const struct team *team = member->team;
  team_barrier(team, team->comm, WAIT_PATIENT);
  team_barrier(team, team->comm, WAIT_BRISK);
  double start = clock_seconds();
  work_until_over(member);
  *fault = member->own;
  if (member->collects && !member->collector.stopped) {
    end_results(member, report, fault);
  }
  report->seconds = clock_seconds() - start;
  return team_agree(team, fault);
}

enum status queue_run(const struct queue_jobs *jobs, const struct team *team,
                      struct queue_report *report, struct fault *fault) {
  struct member member = {.team = team,
                          .jobs = jobs,
                          .numbers = choose_numbers(jobs, team),
                          .collects = team->rank == 0,
                          .produces = team->rank < jobs->producers};
  *report = (struct queue_report){0};
  if (check_memory(jobs, &member.numbers, team, fault) != STATUS_OK) {
    return fault->status;
  }
  if (team->size == 1) {
    return queue_run_local(jobs, &member.numbers, team, report, fault);
  }
  if (member_open(&member, report, fault) == STATUS_OK) {
    run(&member, report, fault);
  }
  member_close(&member);
  return fault->status;
}
