#include "probes/queue_local.h"

#include "core/clock.h"
#include "mpi/wait.h"
#include "probes/queue_supply.h"

enum { ROOM = 64 };

/* What stands in line: jobs in the supply's memory, and last the end marker. */
struct line {
  const struct queue_message *messages[ROOM];
  unsigned head, used;
};

static const struct queue_message end_marker = {.number = UINT64_MAX};

/* As much as there is room for; whether anything was put. */
static bool put(struct line *line, struct queue_supply *supply, struct queue_report *report) {
  bool any = false;
  while (line->used < ROOM && report->markers == 0) {
    const struct queue_message *message = queue_supply_next(supply);
    if (message == NULL && queue_supply_number(supply) < supply->jobs->count) {
      break;
    }
    if (message == NULL) {
      message = &end_marker;
      report->markers++;
    }
    line->messages[(line->head + line->used++) % ROOM] = message;
    any = true;
  }
  return any;
}

static enum status take_all(struct line *line, struct queue_supply *supply,
                            struct ordering *ordering, struct queue_report *report,
                            struct fault *fault) {
  double start = clock_seconds();
  for (; line->used > 0; line->used--, line->head = (line->head + 1) % ROOM) {
    const struct queue_message *message = line->messages[line->head];
    if (message->number == QUEUE_END_MARKER) {
      report->acknowledged++;
      continue;
    }
    uint64_t result = 0;
    if (queue_message_work(supply->jobs, message, &result, fault) != STATUS_OK ||
        ordering_put(ordering, message->number, result, fault) != STATUS_OK) {
      return fault->status;
    }
    queue_supply_release(supply);
    report->jobs_max++;
  }
  report->busy_total += clock_seconds() - start;
  return STATUS_OK;
}

static enum status work_off(const struct team *team, struct queue_supply *supply,
                            struct ordering *ordering, struct queue_report *report,
                            struct fault *fault) {
  struct line line = {.used = 0};
  struct waiter waiter;
  waiter_start(&waiter, team, WAIT_BRISK);
  while (report->acknowledged == 0) {
    if (put(&line, supply, report)) {
      waiter_start(&waiter, team, WAIT_BRISK);
    } else if (queue_supply_failed(supply, fault)) {
      return fault->status;
    } else {
      waiter_pause(&waiter);
    }
    if (take_all(&line, supply, ordering, report, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return ordering_end(ordering, fault);
}

enum status queue_run_local(const struct queue_jobs *jobs, const struct queue_numbers *numbers,
                            const struct team *team, struct queue_report *report,
                            struct fault *fault) {
  struct queue_supply supply = {0};
  struct ordering ordering = {0};
  struct ordering_consumer consumer = {.take = jobs->take, .data = jobs->data};
  enum status status =
      ordering_open(&ordering, jobs->order, jobs->count, numbers->window, consumer, fault);
  if (status == STATUS_OK) {
    status = queue_supply_open(&supply, jobs, 0, 1, numbers->slots, fault);
  }
  double start = clock_seconds();
  if (status == STATUS_OK) {
    status = work_off(team, &supply, &ordering, report, fault);
  }
  report->seconds = clock_seconds() - start;
  report->workers = 1;
  report->jobs_min = report->jobs_max;
  report->busy_max = report->busy_total;
  queue_supply_close(&supply);
  ordering_close(&ordering);
  return status;
}
