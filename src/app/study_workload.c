/* Workloads in studies: the pool's runs beside the kernel alone. */
#include "app/study_kind.h"

static enum status open_entry(struct study_entry *entry, struct fault *fault) {
  if (trial_open(&entry->trial, &entry->team, entry->planned, entry->factor, fault) != STATUS_OK) {
    return fault->status;
  }
  struct tally_shape none = {0};
  fault->status = STATUS_OK;
  entry->runs_alone = entry->baseline == NULL;
  tally_init(&entry->alone,
             entry->runs_alone && entry->team.rank == 0 ? entry->trial.tally.shape : none, fault);
  if (team_agree(&entry->team, fault) != STATUS_OK) {
    trial_close(&entry->trial);
  }
  return fault->status;
}

static enum status run(struct study_entry *entry, struct watch *watch, struct pool_report *report,
                       struct fault *fault) {
  entry->trial.pool.watch = watch;
  enum status status = trial_run(&entry->trial, report, fault);
  entry->trial.pool.watch = NULL;
  return status;
}

static enum status keep(struct study_entry *entry, struct fault *fault) {
  fault->status = STATUS_OK;
  if (entry->team.rank == 0 &&
      tally_init(&entry->warm, entry->trial.tally.shape, fault) == STATUS_OK) {
    tally_copy(&entry->warm, &entry->trial.tally);
    trial_look(&entry->trial, &entry->outcome, fault);
  }
  return team_agree(&entry->team, fault);
}

static enum status run_alone(struct study_entry *entry, struct pool_alone *alone,
                             struct fault *fault) {
  return trial_run_alone(&entry->trial, &entry->alone, alone, fault);
}

static struct trial *single_of(struct study_entry *entry) {
  return entry->factor > 1 ? &entry->single : &entry->trial;
}

static enum status open_at_once(struct study_entry *entry, struct fault *fault) {
  fault->status = STATUS_OK;
  if (entry->factor > 1 &&
      trial_open(&entry->single, &entry->team, entry->planned, 1, fault) != STATUS_OK) {
    return fault->status;
  }
  tally_init(&entry->own, single_of(entry)->tally.shape, fault);
  if (team_agree(&entry->team, fault) != STATUS_OK && entry->factor > 1) {
    trial_close(&entry->single);
  }
  return fault->status;
}

/* The last run's tally is every rank's; after an early exit tallies may differ. */
static void check_own(const struct study_entry *entry, struct fault *fault) {
  const struct tally *all = &entry->trial.tally;
  bool comparable =
      entry->factor == 1 && all->limit == UINT64_MAX && entry->own.limit == UINT64_MAX;
  fault->status = STATUS_OK;
  if (comparable && !tally_equal(all, &entry->own)) {
    fault_set(fault, STATUS_FAILED, "%s: this rank alone and all ranks differ in their results",
              entry->planned->title);
  }
}

static enum status run_at_once(struct study_entry *entry, struct pool_alone *mean,
                               struct fault *fault) {
  if (trial_run_at_once(single_of(entry), &entry->own, mean, fault) != STATUS_OK) {
    return fault->status;
  }
  check_own(entry, fault);
  return team_agree(&entry->team, fault);
}

static bool needs_core(const struct study_entry *entry) {
  return trial_needs_core(&entry->trial);
}

/* After an early exit tallies may differ: items were left out. */
static bool agrees(const struct study_entry *entry, const struct study_entry *baseline) {
  const struct tally *tally = &entry->trial.tally;
  const struct tally *alone = &baseline->alone;
  return alone->limit != UINT64_MAX || tally->limit != UINT64_MAX || tally_equal(alone, tally);
}

/* What the warm-up came to holds for the last run too, if that found the same. */
static enum status finish(struct study_entry *entry, struct outcome *outcome, bool *right,
                          struct fault *fault) {
  const struct tally *last = &entry->trial.tally;
  bool known =
      entry->team.rank == 0 && entry->warm.limit == last->limit && tally_equal(&entry->warm, last);
  return trial_finish(&entry->trial, known ? &entry->outcome : NULL, outcome, right, fault);
}

static json_t *record(const struct study_entry *entry, const struct outcome *outcome,
                      const struct pool_report *report, const struct timings *timings) {
  return case_record(&entry->trial, outcome, report, timings);
}

static void close_entry(struct study_entry *entry) {
  if (entry->factor > 1 && entry->at_once != NULL) {
    trial_close(&entry->single);
  }
  trial_close(&entry->trial);
  tally_free(&entry->own);
  tally_free(&entry->alone);
  tally_free(&entry->warm);
}

const struct study_kind study_of_workload = {.open = open_entry,
                                             .run = run,
                                             .keep = keep,
                                             .run_alone = run_alone,
                                             .open_at_once = open_at_once,
                                             .run_at_once = run_at_once,
                                             .agrees = agrees,
                                             .finish = finish,
                                             .record = record,
                                             .needs_core = needs_core,
                                             .tells_core = true,
                                             .close = close_entry};
