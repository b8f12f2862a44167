#include "pool/slices.h"

#include <inttypes.h>
#include <math.h>

#include "core/clock.h"
#include "mpi/wait.h"

/* Found on 2 cores with 32 ranks: from 0.2 ms to 1 ms neither the time of a job nor that of an
   early exit changed by more than they vary. */
static const double SLICE_SECONDS = 0.5e-3;

/* The next slice's length, from what the last one of `done` items took. Grows and shrinks by at
   most eight, since a single measurement may have been disturbed. */
static uint64_t next_slice(const struct worker *worker, uint64_t done, double seconds) {
  double wanted = worker->slice_seconds > 0 ? worker->slice_seconds : SLICE_SECONDS;
  double factor = seconds > 0 ? wanted / seconds : 8;
  factor = factor > 8 ? 8 : factor < 0.125 ? 0.125 : factor;
  double grains = (double)done / (double)worker->grain * factor;
  if (grains >= (double)(UINT64_MAX / 4 / worker->grain)) {
    return worker->slice;
  }
  return (grains < 1 ? 1 : (uint64_t)grains) * worker->grain;
}

/* The thread goes on from here. */
static void take_up(struct worker *worker, double now) {
  worker->since = now;
  worker->core_since = clock_thread_seconds();
}

/* What was done until `now`; by the thread that took it up. */
static void note_work(struct worker *worker, double now) {
  double before = worker->core_since;
  double since = worker->since;
  take_up(worker, now);
  worker->slice_core += worker->core_since - before;
  if (worker->timeline != NULL) {
    timeline_add(worker->timeline, since, now, worker->core_since - before);
  }
}

void worker_waited(struct worker *worker, double seconds) {
  worker->start += seconds;
  worker->time.waited += seconds;
  if (worker->timeline != NULL) {
    double now = clock_seconds();
    note_work(worker, now - seconds);
    take_up(worker, now);
  }
}

void worker_pause(struct worker *worker, double now) {
  note_work(worker, now);
}

void worker_resume(struct worker *worker, double since) {
  double now = clock_seconds();
  worker->start += now - since;
  worker->time.waited += now - since;
  take_up(worker, now);
}

void worker_start_slice(struct worker *worker) {
  worker->left = worker->slice;
  worker->start = clock_seconds();
  worker->slice_core = 0;
  take_up(worker, worker->start);
}

void worker_end_slice(struct worker *worker) {
  uint64_t done = worker->slice - worker->left;
  double now = clock_seconds();
  double seconds = now - worker->start;
  note_work(worker, now);
  worker->time.busy += seconds;
  worker->time.core += fmin(worker->slice_core, seconds);
  worker->slice_core = 0;
  if (done > 0) {
    worker->earlier_item_seconds = worker->item_seconds;
    worker->item_seconds = seconds / (double)done;
    worker->slice = next_slice(worker, done, seconds);
  }
  worker->left = worker->slice;
  worker->start = now;
}

uint64_t worker_sum_of_range(struct range range) {
  uint128_t twice = (uint128_t)range_length(range) * ((uint128_t)range.lo + range.hi - 1);
  return (uint64_t)(twice / 2);
}

double worker_unit_seconds(const struct worker *worker) {
  double least = worker->earlier_item_seconds < worker->item_seconds ? worker->earlier_item_seconds
                                                                     : worker->item_seconds;
  return least * (double)worker->grain;
}

static void lower(struct worker *worker, uint64_t limit) {
  worker->lowered_at = clock_seconds();
  worker->told = limit;
  worker->flag_kind->lower(worker->flag, limit);
}

/* Others on the same core have a turn first, so that after a find nobody has to wait for the end of
   another's turn to hear of it, and each looks as soon as it comes back. */
static void hear(struct worker *worker) {
  wait_yield();
  if (worker->calls_mpi) {
    wait_look_outside(worker->team);
  }
  worker->limit = worker->flag_kind->poll(worker->flag);
}

/* Between slices: hear the news, and serve those who ask. */
static void look_around(struct worker *worker) {
  worker_end_slice(worker);
  double waited = worker->time.waited;
  hear(worker);
  if (worker->serve != NULL) {
    worker->serve(worker->source);
  }
  watch_look(worker->watch, worker->items);
  if (worker->shown != NULL) {
    atomic_store_explicit(worker->shown, worker->items, memory_order_relaxed);
  }
  /* The others' turns (MPI yields too, while it looks) are no part of the work, and counted as such
     they would make slices ever shorter. */
  double now = clock_seconds();
  double core_before = worker->core_since;
  worker->time.yielded += now - worker->start - (worker->time.waited - waited);
  worker->start = now;
  take_up(worker, now);
  worker->time.looked += worker->core_since - core_before;
}

/* How much of a chunk to do in one call. A rest shorter than half a slice is taken along. */
static uint64_t call_length(const struct worker *worker, uint64_t length) {
  uint64_t call = worker->left > worker->shortest ? worker->left : worker->shortest;
  length = length > call && length - call > call / 2 ? call : length;
  return worker->poll != 0 && length > worker->unpolled ? worker->unpolled : length;
}

/* With --poll, polls have a count of their own: dispatch goes on as without. */
static void count_towards_poll(struct worker *worker, uint64_t done) {
  worker->unpolled -= done;
  if (worker->unpolled == 0) {
    worker->unpolled = worker->poll;
    hear(worker);
  }
}

enum status worker_do_range(struct worker *worker, struct range range, struct fault *fault) {
  while (range.lo < range.hi && range.lo < worker->limit) {
    uint64_t length = call_length(worker, range_length(range));
    struct range call = {range.lo, range.lo + length};
    if (worker->workload->run(worker->job, call, worker->tally, fault) != STATUS_OK) {
      struct fault inner = *fault;
      lower(worker, 0);
      worker_end_slice(worker);
      return fault_set(fault, inner.status, "items [%" PRIu64 ", %" PRIu64 "): %s", call.lo,
                       call.hi, inner.text);
    }
    worker->items += length;
    worker->item_sum += worker_sum_of_range(call);
    range.lo = call.hi;
    bool found = worker->tally->limit < worker->told;
    if (found) {
      lower(worker, worker->tally->limit);
    }
    if (worker->poll != 0) {
      count_towards_poll(worker, length);
    }
    if (length >= worker->left || found) {
      /* A call may be longer than the slice; what was done is what counts. */
      worker->slice += length > worker->left ? length - worker->left : 0;
      worker->left = length > worker->left ? 0 : worker->left - length;
      look_around(worker);
      if (worker->leave) {
        worker->rest = range.lo < worker->limit ? range : (struct range){0};
        return STATUS_OK;
      }
    } else {
      worker->left -= length;
    }
  }
  return STATUS_OK;
}

void labour_add(struct labour *labour, const struct worker *worker, uint64_t limit) {
  worker_time_add(&labour->time, &worker->time);
  labour->busy_max = fmax(labour->busy_max, worker->time.busy);
  if (worker_time_sum(&worker->time) > worker_time_sum(&labour->last)) {
    labour->last = worker->time;
  }
  labour->chunks += worker->chunks;
  labour->items += worker->items;
  labour->item_sum += worker->item_sum;
  if (worker->timeline != NULL) {
    timeline_add_up(&labour->timeline, worker->timeline);
  }
  bool lowered = worker->lowered_at > 0 && worker->tally->limit == limit;
  if (lowered && (labour->lowered_at == 0 || worker->lowered_at < labour->lowered_at)) {
    labour->lowered_at = worker->lowered_at;
  }
}
