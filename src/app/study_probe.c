/* Probes in studies. Where the ranks share one job, as they do a workload's, its serial baseline is
   the same probe on rank 0 by itself. */
#include "app/study_kind.h"

static enum status open_entry(struct study_entry *entry, struct fault *fault) {
  fault->status = STATUS_OK;
  entry->runs_alone = entry->planned->subject.probe->shares_job && entry->baseline == NULL;
  if (entry->runs_alone) {
    team_part_open(&entry->team, 1, 1, &entry->alone_team);
  }
  return STATUS_OK;
}

static double fact(const struct outcome *outcome, const char *name) {
  return json_number_value(json_object_get(outcome->facts, name));
}

/* Collective over `team`. Into *outcome, of which rank 0 has one: the last run's. Of the first run
   whose check failed it becomes the entry's for good, so that what went wrong is told. */
static enum status run_once(struct study_entry *entry, struct team *team, struct outcome *outcome,
                            struct pool_report *report, struct fault *fault) {
  const struct planned_case *planned = entry->planned;
  const struct probe_job job = {.team = team,
                                .parameters = planned->parameters,
                                .seed = planned->common->seed,
                                .redis = planned->common->redis};
  struct probe_report found = {0};
  struct outcome now = {0};
  if (team->rank == 0) {
    outcome_init(&now);
  }
  enum status status = planned->subject.probe->run(&job, &now, &found, fault);
  bool right = status == STATUS_OK && team_share_verdict(team, now.right);
  *report = (struct pool_report){.seconds = found.seconds,
                                 .items = found.items,
                                 .busy_max = fact(&now, "busy_max"),
                                 .busy_mean = fact(&now, "busy_mean"),
                                 .last = {.busy = fact(&now, "busy_max")}};
  if (status != STATUS_OK || !entry->right) {
    outcome_free(&now);
    return status;
  }
  struct outcome *into = right ? outcome : &entry->outcome;
  entry->right = right;
  outcome_free(into);
  *into = now;
  return STATUS_OK;
}

static enum status run(struct study_entry *entry, struct watch *watch, struct pool_report *report,
                       struct fault *fault) {
  (void)watch; /* a probe does not tell how far it is */
  return run_once(entry, &entry->team, &entry->outcome, report, fault);
}

static enum status keep(struct study_entry *entry, struct fault *fault) {
  (void)entry; /* every run leaves its outcome */
  fault->status = STATUS_OK;
  return STATUS_OK;
}

static enum status run_alone(struct study_entry *entry, struct pool_alone *alone,
                             struct fault *fault) {
  struct team *team = &entry->team;
  struct pool_report report = {0};
  fault->status = STATUS_OK;
  team_barrier(team, team->comm, WAIT_PATIENT);
  if (team_has_me(&entry->alone_team)) {
    run_once(entry, &entry->alone_team, &entry->alone_outcome, &report, fault);
  }
  *alone = (struct pool_alone){.seconds = report.seconds, .items = report.items};
  return team_agree(team, fault);
}

static bool agrees(const struct study_entry *entry, const struct study_entry *baseline) {
  return !entry->right || json_equal(entry->outcome.answer, baseline->alone_outcome.answer);
}

static enum status finish(struct study_entry *entry, struct outcome *outcome, bool *right,
                          struct fault *fault) {
  fault->status = STATUS_OK;
  *outcome = entry->outcome;
  entry->outcome = (struct outcome){0};
  *right = team_share_verdict(&entry->team, entry->right);
  return STATUS_OK;
}

static json_t *record(const struct study_entry *entry, const struct outcome *outcome,
                      const struct pool_report *report, const struct timings *timings) {
  return probe_record(entry->planned, &entry->team, outcome, report->items, timings);
}

static bool needs_core(const struct study_entry *entry) {
  (void)entry;
  return true;
}

static void close_entry(struct study_entry *entry) {
  team_part_close(&entry->alone_team);
  outcome_free(&entry->alone_outcome);
}

const struct study_kind study_of_probe = {.open = open_entry,
                                          .run = run,
                                          .keep = keep,
                                          .run_alone = run_alone,
                                          .agrees = agrees,
                                          .finish = finish,
                                          .record = record,
                                          .needs_core = needs_core,
                                          .close = close_entry};
