#include "probes/flag_trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/stats.h"
#include "kernels/burn.h"
#include "kernels/philox.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "probes/start.h"

enum { BATCHES = 15, MOST_POLLS = 1 << 20 };
static const double BATCH_SECONDS = 100e-6; /* some hundred times what a look at the clock takes */
static const double EARLIEST_RAISE = 1e-3; /* after the start; at random within so many intervals */
static const double RAISE_WITHIN = 20;

struct study {
  const struct flag_kind *kind;
  const struct flag_conditions *conditions;
  void *flag;
  double *raised, *stopped; /* [repeats] on rank 0's clock; raised: -INFINITY on other ranks */
  double busy;
  bool failed; /* on this rank */
};

/* Processor time of a poll: where ranks share a core, the others' turns do not count. */
static double time_polls(const struct study *study, unsigned polls) {
  double start = clock_thread_seconds();
  for (unsigned i = 0; i < polls; i++) {
    study->kind->poll(study->flag);
  }
  return clock_thread_seconds() - start;
}

static double measure_polls(const struct study *study) {
  double batches[BATCHES];
  unsigned polls = 16;
  /* Twice: one may have been disturbed. */
  while (polls < MOST_POLLS &&
         fmin(time_polls(study, polls), time_polls(study, polls)) < BATCH_SECONDS) {
    polls *= 2;
  }
  for (int i = 0; i < BATCHES; i++) {
    batches[i] = time_polls(study, polls) / polls;
  }
  return stats_of(batches, BATCHES).median;
}

static void keep_polling(void *data) {
  const struct study *study = data;
  study->kind->poll(study->flag);
}

/* News may need any rank's polls to be passed on, so nobody stops polling before all have heard. */
static void wait_for_all_to_stop(struct study *study) {
  const struct team *team = study->conditions->team;
  MPI_Request request;
  MPI_CALL(MPI_Ibarrier(team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, keep_polling, study);
}

/* Who raises the flag, and how long after the start; the same on all ranks. */
static int draw_raiser(const struct flag_conditions *conditions, size_t repeat, double *delay) {
  struct philox_block block = philox_block_wide(conditions->seed, repeat, UINT64_C(1) << 63);
  *delay = EARLIEST_RAISE + RAISE_WITHIN * conditions->interval * 0x1p-32 * block.word[1];
  return (int)(block.word[0] % (uint32_t)conditions->team->size);
}

/* The flag's limit falls by one with each raise, to `limit`. */
static void work_until_raised(struct study *study, size_t repeat, uint64_t limit) {
  const struct flag_conditions *conditions = study->conditions;
  const struct team *team = conditions->team;
  double delay;
  bool raises = draw_raiser(conditions, repeat, &delay) == team->rank;
  double start = clock_seconds();
  uint64_t seen;
  double now;
  do {
    burn_until(clock_thread_seconds() + conditions->interval);
    now = clock_seconds();
    if (raises && now - start >= delay) {
      study->raised[repeat] = now + team->clock_offset;
      study->kind->lower(study->flag, limit);
      raises = false;
    }
    wait_yield();
    wait_look_outside(team);
    seen = study->kind->poll(study->flag);
    now = clock_seconds();
  } while (raises || (seen > limit && now - start < delay + conditions->patience));
  study->stopped[repeat] = now + team->clock_offset;
  study->busy += now - start;
  study->failed = study->failed || seen != limit;
}

static bool failed_anywhere(const struct study *study) {
  double failed = study->failed;
  team_reduce(study->conditions->team, &failed, 1, MPI_MAX);
  return failed > 0;
}

static void raise_again_and_again(struct study *study, struct flag_trial *trial) {
  size_t repeats = study->conditions->repeats;
  double start = clock_seconds();
  for (size_t i = 0; i < repeats && !trial->failed; i++) {
    study->raised[i] = -INFINITY;
    start_together(study->conditions->team);
    work_until_raised(study, i, repeats - i);
    wait_for_all_to_stop(study);
    trial->failed = failed_anywhere(study);
  }
  trial->seconds = clock_seconds() - start;
}

/* From each rank's clock readings to times after the raises. */
static void collect_times(struct study *study, struct flag_trial *trial) {
  const struct team *team = study->conditions->team;
  size_t repeats = study->conditions->repeats;
  team_reduce(team, study->raised, (int)repeats, MPI_MAX);
  for (size_t i = 0; i < repeats; i++) {
    double late = study->stopped[i] - study->raised[i];
    /* One host has one clock; those of others are known to within a message's time. */
    study->failed = study->failed || (late < 0 && team->nodes == 1);
    trial->stop[i] = fmax(0, late);
    trial->wasted[i] = trial->stop[i];
  }
  team_reduce(team, trial->stop, (int)repeats, MPI_MAX);
  team_reduce(team, trial->wasted, (int)repeats, MPI_SUM);
  trial->failed = failed_anywhere(study);
}

static double median_over_ranks(const struct team *team, double value, double *values) {
  MPI_Request request;
  MPI_CALL(MPI_Igather(&value, 1, MPI_DOUBLE, values, 1, MPI_DOUBLE, 0, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  return team->rank == 0 ? stats_of(values, (size_t)team->size).median : 0;
}

static void examine(struct study *study, struct flag_trial *trial, double *values) {
  const struct team *team = study->conditions->team;
  start_together(team);
  double poll = measure_polls(study);
  wait_for_all_to_stop(study);
  trial->poll_seconds = median_over_ranks(team, poll, values);
  if (!trial->is_heard) {
    return;
  }
  raise_again_and_again(study, trial);
  if (!trial->failed) {
    collect_times(study, trial);
  }
  double busy_max = study->busy;
  double busy_sum = study->busy;
  team_reduce(team, &busy_max, 1, MPI_MAX);
  team_reduce(team, &busy_sum, 1, MPI_SUM);
  trial->busy_max = busy_max;
  trial->busy_mean = busy_sum / team->size;
}

/* repeats + repeats + size numbers for the study. */
static enum status allocate(const struct flag_conditions *conditions, struct flag_trial *trial,
                            double **memory, struct fault *fault) {
  size_t repeats = conditions->repeats;
  trial->stop = calloc(repeats, sizeof(double));
  trial->wasted = calloc(repeats, sizeof(double));
  *memory = calloc(2 * repeats + (size_t)conditions->team->size, sizeof(double));
  fault->status = STATUS_OK;
  if (trial->stop == NULL || trial->wasted == NULL || *memory == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory for %zu repeats", repeats);
  }
  return team_agree(conditions->team, fault);
}

enum status flag_trial_run(const struct flag_kind *kind, const struct flag_conditions *conditions,
                           struct flag_trial *trial, struct fault *fault) {
  double *memory = NULL;
  *trial = (struct flag_trial){.kind = kind, .is_heard = kind != &none_flag};
  if (allocate(conditions, trial, &memory, fault) != STATUS_OK) {
    free(memory);
    return fault->status;
  }
  struct study study = {.kind = kind,
                        .conditions = conditions,
                        .raised = memory,
                        .stopped = memory + conditions->repeats};
  if (kind->open(conditions->team, &conditions->settings, &study.flag, fault) != STATUS_OK) {
    snprintf(trial->left_out, sizeof trial->left_out, "%s", fault->text);
    free(memory);
    return fault->status;
  }
  examine(&study, trial, memory + 2 * conditions->repeats);
  *fault = (struct fault){.status = STATUS_OK};
  kind->close(study.flag, fault);
  free(memory);
  return team_agree(conditions->team, fault);
}

void flag_trial_free(struct flag_trial *trial) {
  free(trial->stop);
  free(trial->wasted);
}
