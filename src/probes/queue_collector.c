#include "probes/queue_collector.h"

enum status queue_collector_open(struct queue_collector *collector, const struct queue_jobs *jobs,
                                 const struct queue_numbers *numbers, const struct team *team,
                                 struct queue_report *report, struct fault *fault) {
  *collector = (struct queue_collector){
      .team = team, .jobs = jobs, .numbers = numbers, .report = report, .told_last = 1};
  struct ordering_consumer consumer = {.take = jobs->take, .data = jobs->data};
  if (ordering_open(&collector->ordering, jobs->order, jobs->count, numbers->window, consumer,
                    fault) != STATUS_OK ||
      inbox_open(&collector->reports, team, MPI_ANY_SOURCE, TAG_REPORT, sizeof(struct queue_word),
                 128, fault) != STATUS_OK) {
    return fault->status;
  }
  collector->told_limit = ordering_limit(&collector->ordering);
  return outbox_open(&collector->control, team, TAG_CONTROL, sizeof(struct queue_word),
                     2 * (unsigned)team->size, fault);
}

uint64_t queue_collector_limit(const struct queue_collector *collector) {
  return ordering_limit(&collector->ordering);
}

static void add_worker(struct queue_report *report, const struct queue_word *word) {
  double busy = (double)word->b / 1e9;
  bool first = report->workers++ == 0;
  report->jobs_min = first || word->a < report->jobs_min ? word->a : report->jobs_min;
  report->jobs_max = word->a > report->jobs_max ? word->a : report->jobs_max;
  report->busy_max = busy > report->busy_max ? busy : report->busy_max;
  report->busy_total += busy;
  report->credits = word->c > report->credits ? word->c : report->credits;
}

static void hear(struct queue_collector *collector, const struct queue_word *word,
                 struct fault *fault) {
  switch (word->kind) {
  case RESULT:
    if (!collector->stopped) {
      ordering_put(&collector->ordering, word->a, word->b, fault);
    }
    break;
  case FAILED:
    collector->stopped = true;
    break;
  case WORKED:
    add_worker(collector->report, word);
    collector->ended++;
    break;
  case FED:
    collector->report->markers += word->a;
    collector->report->acknowledged += word->b;
    collector->ended++;
    break;
  }
}

/* The other producers, when the window has moved by a quarter. */
static void tell_limit(struct queue_collector *collector) {
  uint64_t limit = queue_collector_limit(collector);
  unsigned others = (unsigned)collector->jobs->producers - 1;
  bool worth_it = limit - collector->told_limit >= (collector->numbers->window + 3) / 4 ||
                  (limit == collector->jobs->count && limit > collector->told_limit);
  if (!worth_it || !outbox_has_room(&collector->control, others)) {
    return;
  }
  struct queue_word word = {.kind = LIMIT, .a = limit};
  for (int producer = 1; producer < collector->jobs->producers; producer++) {
    outbox_send(&collector->control, producer, &word);
  }
  collector->told_limit = limit;
}

bool queue_collector_step(struct queue_collector *collector, struct fault *fault) {
  enum { BURST = 256 };
  int heard = 0;
  const struct queue_word *word;
  while (heard < BURST && fault->status == STATUS_OK &&
         (word = inbox_take(&collector->reports, NULL)) != NULL) {
    hear(collector, word, fault);
    inbox_drop(&collector->reports);
    heard++;
  }
  if (!collector->stopped && collector->told_last == 1) {
    tell_limit(collector);
  }
  return heard > 0;
}

bool queue_collector_has_all(const struct queue_collector *collector) {
  return collector->ended == collector->team->size - 1;
}

bool queue_collector_dismiss(struct queue_collector *collector, enum queue_word_kind kind) {
  struct queue_word word = {.kind = kind};
  while (collector->told_last < collector->team->size && outbox_has_room(&collector->control, 1)) {
    outbox_send(&collector->control, collector->told_last++, &word);
  }
  return collector->told_last == collector->team->size && outbox_empty(&collector->control);
}

void queue_collector_close(struct queue_collector *collector) {
  inbox_close(&collector->reports);
  outbox_close(&collector->control);
  ordering_close(&collector->ordering);
}
