#include "probes/queue_producer.h"

#include <stdlib.h>

#include "mpi/call.h"

enum status queue_producer_open(struct queue_producer *producer, const struct queue_jobs *jobs,
                                const struct queue_numbers *numbers, const struct team *team,
                                struct fault *fault) {
  size_t workers = (size_t)numbers->workers;
  *producer = (struct queue_producer){.team = team,
                                      .jobs = jobs,
                                      .numbers = numbers,
                                      .credits = calloc(workers, sizeof(uint64_t)),
                                      .line = calloc(workers, sizeof(int)),
                                      .sends = calloc(numbers->slots, sizeof(MPI_Request)),
                                      .limit = numbers->limit};
  if (producer->credits == NULL || producer->line == NULL || producer->sends == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if (inbox_open(&producer->asks, team, MPI_ANY_SOURCE, TAG_ASK, sizeof(struct queue_ask), 32,
                 fault) != STATUS_OK ||
      outbox_open(&producer->markers, team, TAG_JOB, sizeof(struct queue_message), 16, fault) !=
          STATUS_OK) {
    return fault->status;
  }
  return queue_supply_open(&producer->supply, jobs, (uint64_t)team->rank, (uint64_t)jobs->producers,
                           numbers->slots, fault);
}

static void join_line(struct queue_producer *producer, int worker) {
  int workers = producer->numbers->workers;
  producer->line[(producer->line_head + producer->in_line++) % workers] = worker;
}

/* Turn by turn, not all that one asked for at once: whoever asks first would get them all. */
static int next_in_line(struct queue_producer *producer) {
  int worker = producer->line[producer->line_head];
  producer->line_head = (producer->line_head + 1) % producer->numbers->workers;
  producer->in_line--;
  if (--producer->credits[worker] > 0) {
    join_line(producer, worker);
  }
  return worker;
}

static bool take_asks(struct queue_producer *producer) {
  bool any = false;
  int source;
  const struct queue_ask *ask;
  while ((ask = inbox_take(&producer->asks, &source)) != NULL) {
    int worker = source - producer->jobs->producers;
    if (ask->credits == ACKNOWLEDGED) {
      producer->acknowledged++;
    } else {
      if (producer->credits[worker] == 0) {
        join_line(producer, worker);
      }
      producer->credits[worker] += ask->credits;
    }
    inbox_drop(&producer->asks);
    any = true;
  }
  return any;
}

/* Jobs whose messages have left give their slots back, in the order of sending. */
static void reap(struct queue_producer *producer) {
  int done = 1;
  while (producer->sending > 0 && done) {
    MPI_CALL(MPI_Test(&producer->sends[producer->sends_head], &done, MPI_STATUS_IGNORE));
    if (done) {
      producer->sends_head = (producer->sends_head + 1) % producer->numbers->slots;
      producer->sending--;
      queue_supply_release(&producer->supply);
    }
  }
}

static bool send_jobs(struct queue_producer *producer) {
  const struct queue_numbers *numbers = producer->numbers;
  bool any = false;
  while (producer->in_line > 0 && queue_supply_number(&producer->supply) < producer->limit) {
    if (producer->sending == numbers->slots) {
      reap(producer);
    }
    const struct queue_message *message = queue_supply_next(&producer->supply);
    if (message == NULL) {
      break;
    }
    int to = producer->jobs->producers + next_in_line(producer);
    unsigned slot = (producer->sends_head + producer->sending++) % numbers->slots;
    MPI_CALL(MPI_Isend(message, (int)(sizeof *message + producer->jobs->payload), MPI_BYTE, to,
                       TAG_JOB, producer->team->comm, &producer->sends[slot]));
    any = true;
  }
  return any;
}

static bool send_markers(struct queue_producer *producer) {
  static const struct queue_message marker = {.number = UINT64_MAX};
  bool any = false;
  while (producer->marked < producer->numbers->workers && outbox_has_room(&producer->markers, 1)) {
    outbox_send(&producer->markers, producer->jobs->producers + producer->marked++, &marker);
    any = true;
  }
  return any;
}

bool queue_producer_step(struct queue_producer *producer, struct fault *fault) {
  bool any = take_asks(producer);
  if (!producer->stopped) {
    any |= send_jobs(producer);
    queue_supply_failed(&producer->supply, fault);
  }
  if (producer->stopped || queue_supply_number(&producer->supply) >= producer->jobs->count) {
    any |= send_markers(producer);
  }
  return any;
}

bool queue_producer_is_done(struct queue_producer *producer) {
  reap(producer);
  return producer->acknowledged == producer->numbers->workers && producer->sending == 0 &&
         outbox_empty(&producer->markers);
}

void queue_producer_close(struct queue_producer *producer) {
  queue_supply_close(&producer->supply);
  inbox_close(&producer->asks);
  outbox_close(&producer->markers);
  free(producer->credits);
  free(producer->line);
  free(producer->sends);
  *producer = (struct queue_producer){0};
}
