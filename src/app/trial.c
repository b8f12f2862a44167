#include "app/trial.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"

/* Rank 0 loads, every node gets one copy. */
static enum status share_data(struct trial *trial, struct fault *fault) {
  struct team *team = trial->pool.team;
  const struct workload *workload = trial->planned->subject.workload;
  struct blob blob = {0};
  if (workload->load == NULL) {
    return STATUS_OK;
  }
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    workload->load(&trial->job, &blob, fault);
  }
  enum status status = team_agree(team, fault);
  if (status == STATUS_OK) {
    status = shared_block_open(&trial->shared, team, blob.bytes, blob.size, fault);
    free(blob.bytes);
  }
  trial->job.shared = trial->shared.bytes;
  trial->job.shared_size = trial->shared.size;
  return status;
}

/* Room on rank 0 for what every rank tells. */
static void *room_for_ranks(const struct team *team, bool wanted, size_t size,
                            struct fault *fault) {
  void *room = wanted && team->rank == 0 ? calloc((size_t)team->size, size) : NULL;
  if (wanted && team->rank == 0 && room == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  }
  return room;
}

static enum status make_room(struct trial *trial, struct fault *fault) {
  struct pool *pool = &trial->pool;
  fault->status = STATUS_OK;
  pool->shares = room_for_ranks(pool->team, pool->tells_shares, sizeof *pool->shares, fault);
  pool->timelines =
      room_for_ranks(pool->team, pool->keeps_timelines, sizeof *pool->timelines, fault);
  return team_agree(pool->team, fault);
}

/* The tallies of a node's ranks and of their threads, and the copies that are made to add them up.
   One rank looks, before any takes its share. */
static enum status check_memory(const struct trial *trial, struct tally_shape shape,
                                struct fault *fault) {
  const struct team *team = trial->pool.team;
  uint64_t numbers = shape.sums + 2 * shape.wide_sums + shape.minima;
  fault->status = STATUS_OK;
  if (team->node_rank == 0) {
    uint64_t tallies = 2 + (team->threads > 1 ? (uint64_t)team->threads : 0);
    memory_check(sizeof(uint64_t) * numbers * tallies * (uint64_t)team->node_size,
                 "the ranks' tallies", fault);
  }
  return team_agree(team, fault);
}

static enum status prepare(struct trial *trial, struct fault *fault) {
  const struct workload *workload = trial->planned->subject.workload;
  const struct team *team = trial->pool.team;
  fault->status = STATUS_OK;
  if (workload->prepare != NULL) {
    workload->prepare(&trial->job, fault);
  }
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  struct tally_shape shape = workload->shape(&trial->job);
  if (check_memory(trial, shape, fault) != STATUS_OK) {
    return fault->status;
  }
  tally_init(&trial->tally, shape, fault);
  return team_agree(team, fault);
}

/* One worker alone needs no chunks. Factoring's first ones are long: where the most expensive items
   come first, all of those would fall to whoever draws first. */
static const char *standard_schedule(const struct common *common, uint64_t workers) {
  if (common->schedule != NULL) {
    return common->schedule;
  }
  return workers == 1 ? "static" : order_find(common->order)->needs_cost ? "dynamic" : "factoring";
}

void *trial_enlarge(const struct planned_case *planned, uint64_t factor, struct fault *fault) {
  const struct subject *subject = &planned->subject;
  void *enlarged = malloc(subject->parameters_size);
  if (enlarged == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
    return NULL;
  }
  memcpy(enlarged, planned->parameters, subject->parameters_size);
  if (!subject->workload->enlarge(enlarged, factor)) {
    fault_set(fault, STATUS_USAGE, "--weak: %s cannot be made %d times as large", planned->title,
              (int)factor);
    free(enlarged);
    return NULL;
  }
  return enlarged;
}

static enum status enlarge(struct trial *trial, uint64_t factor, struct fault *fault) {
  fault->status = STATUS_OK;
  if (factor > 1) {
    trial->enlarged = trial_enlarge(trial->planned, factor, fault);
    if (trial->enlarged != NULL) {
      trial->job.parameters = trial->enlarged;
    }
  }
  return team_agree(trial->pool.team, fault);
}

enum status trial_open(struct trial *trial, struct team *team, const struct planned_case *planned,
                       uint64_t factor, struct fault *fault) {
  const struct common *common = planned->common;
  double start = clock_seconds();
  uint64_t workers = (uint64_t)team->size * (uint64_t)team->threads;
  *trial = (struct trial){
      .planned = planned,
      .common = common,
      .pool = {.team = team,
               .dispatcher = dispatcher_find(common->dispatch),
               .schedule = schedule_find(standard_schedule(common, workers)),
               .chunk = common->chunk,
               .threads = team->threads,
               .order = order_find(common->order),
               .tells_shares = common->verbose,
               .keeps_timelines = common->timeline,
               .flag_kind = flag_kind_find(common->flag),
               .flag_settings = {.redis = common->redis}},
      .job = {.parameters = planned->parameters,
              .seed = common->seed,
              .poll = common->poll,
              .workers = workers},
      .shared = SHARED_BLOCK_NONE,
  };
  if (enlarge(trial, factor, fault) != STATUS_OK || make_room(trial, fault) != STATUS_OK ||
      share_data(trial, fault) != STATUS_OK || prepare(trial, fault) != STATUS_OK) {
    trial_close(trial);
    return fault->status;
  }
  trial->setup_seconds = clock_seconds() - start;
  return STATUS_OK;
}

enum status trial_run(struct trial *trial, struct pool_report *report, struct fault *fault) {
  return pool_run(&trial->pool, trial->planned->subject.workload, &trial->job, &trial->tally,
                  report, fault);
}

enum status trial_run_alone(struct trial *trial, struct tally *tally, struct pool_alone *alone,
                            struct fault *fault) {
  struct team *team = trial->pool.team;
  fault->status = STATUS_OK;
  *alone = (struct pool_alone){0};
  team_barrier(team, team->comm, WAIT_PATIENT);
  if (team->rank == 0) {
    pool_run_alone(trial->planned->subject.workload, &trial->job, tally, alone, fault);
  }
  return team_agree(team, fault);
}

enum status trial_run_at_once(struct trial *trial, struct tally *tally, struct pool_alone *mean,
                              struct fault *fault) {
  fault->status = STATUS_OK;
  pool_run_at_once(trial->pool.team, trial->planned->subject.workload, &trial->job, tally, mean,
                   fault);
  return team_agree(trial->pool.team, fault);
}

void trial_look(const struct trial *trial, struct outcome *outcome, struct fault *fault) {
  outcome_init(outcome);
  trial->planned->subject.workload->finish(&trial->job, &trial->tally, outcome, fault);
}

enum status trial_finish(struct trial *trial, struct outcome *made, struct outcome *outcome,
                         bool *right, struct fault *fault) {
  struct team *team = trial->pool.team;
  *outcome = (struct outcome){0};
  fault->status = STATUS_OK;
  if (made != NULL) {
    *outcome = *made;
    *made = (struct outcome){0};
  } else if (team->rank == 0) {
    trial_look(trial, outcome, fault);
  }
  if (team_agree(team, fault) != STATUS_OK) {
    outcome_free(outcome);
    return fault->status;
  }
  *right = team_share_verdict(team, outcome->right);
  return STATUS_OK;
}

bool trial_needs_core(const struct trial *trial) {
  const struct workload *workload = trial->planned->subject.workload;
  return workload->needs_core == NULL || workload->needs_core(&trial->job);
}

void trial_close(struct trial *trial) {
  const struct workload *workload = trial->planned->subject.workload;
  if (workload->release != NULL) {
    workload->release(&trial->job);
  }
  free(trial->enlarged);
  free(trial->pool.shares);
  free(trial->pool.timelines);
  tally_free(&trial->tally);
  shared_block_close(&trial->shared);
}
