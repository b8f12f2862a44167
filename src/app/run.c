#include "app/run.h"

#include "app/case_record.h"
#include "app/environment.h"
#include "app/listing.h"
#include "app/measure.h"
#include "app/output.h"
#include "app/trial.h"

/* Rank 0 says whether it could; all agree. */
#define ON_RANK0(team, fault, call)                                                                \
  ((fault)->status = STATUS_OK, (team)->rank == 0 ? (void)(call) : (void)0, team_agree(team, fault))

static enum status run_once(struct trial *trial, struct pool_report *report,
                            struct timings *timings, struct fault *fault) {
  enum status status = trial_run(trial, report, fault);
  timings->count = 1;
  timings->parallel[0] = report->seconds;
  timings->serial = NULL;
  return status;
}

static void show_note(const struct trial *trial) {
  char text[256] = "";
  const struct workload *workload = trial->planned->subject.workload;
  if (trial->pool.team->rank == 0 && workload->note != NULL) {
    workload->note(&trial->job, text, sizeof text);
    if (text[0] != '\0') {
      fprintf(stderr, "%s\n", text);
    }
  }
}

/* What a case came to: right on all ranks, the rest on rank 0. */
struct finished {
  struct outcome outcome;
  json_t *record;
  bool right;
};

static enum status do_job(const struct plan *plan, const struct planned_case *planned,
                          struct team *team, struct listing *listing, struct finished *finished,
                          struct fault *fault) {
  struct trial trial;
  if (trial_open(&trial, team, planned, &plan->common, fault) != STATUS_OK) {
    return fault->status;
  }
  show_note(&trial);
  double parallel[MEASURE_MAX_ROUNDS];
  double serial[MEASURE_MAX_ROUNDS];
  struct timings timings = {.parallel = parallel, .serial = serial};
  struct pool_report report;
  struct outcome *outcome = &finished->outcome;
  enum status status = plan->command == COMMAND_SUITE
                           ? measure(&trial, measure_budget(plan->count), &report, &timings, fault)
                           : run_once(&trial, &report, &timings, fault);
  if (status == STATUS_OK) {
    status = trial_finish(&trial, outcome, &finished->right, fault);
  }
  if (status == STATUS_OK) {
    status = listing_write(listing, &trial, json_object_get(outcome->answer, "count"), fault);
  }
  if (status == STATUS_OK && team->rank == 0) {
    finished->record = case_record(&trial, outcome, &report, &timings);
  }
  trial_close(&trial);
  return status;
}

static enum status do_probe(const struct plan *plan, const struct planned_case *planned,
                            struct team *team, struct listing *listing, struct finished *finished,
                            struct fault *fault) {
  struct text_sink lines;
  if (listing_begin(listing, team, &lines, fault) != STATUS_OK) {
    return fault->status;
  }
  struct outcome *outcome = &finished->outcome;
  struct probe_report report = {0};
  struct probe_job job = {.team = team,
                          .parameters = planned->parameters,
                          .seed = plan->common.seed,
                          .redis = plan->common.redis,
                          .lines = listing->wanted && team->rank == 0 ? &lines : NULL};
  if (team->rank == 0) {
    outcome_init(outcome);
  }
  enum status status = planned->subject.probe->run(&job, outcome, &report, fault);
  if (listing_end(listing, team, (int64_t)report.items, fault) != STATUS_OK) {
    return fault->status;
  }
  if (status == STATUS_OK) {
    finished->right = team_share_verdict(team, outcome->right);
  }
  if (status == STATUS_OK && team->rank == 0) {
    finished->record = probe_record(planned, team, plan->common.seed, outcome, &report);
  }
  return status;
}

/* One case from set-up to the written record. */
static enum status run_case(const struct plan *plan, size_t index, struct team *team,
                            struct output *output, bool *right, struct fault *fault) {
  const struct planned_case *planned = &plan->cases[index];
  struct finished finished = {0};
  struct listing listing;
  if (listing_open(&listing, team, planned, fault) != STATUS_OK) {
    return fault->status;
  }
  enum status status = planned->subject.probe != NULL
                           ? do_probe(plan, planned, team, &listing, &finished, fault)
                           : do_job(plan, planned, team, &listing, &finished, fault);
  if (status == STATUS_OK) {
    status = ON_RANK0(team, fault,
                      output_add(output, planned, finished.record, &finished.outcome, fault));
    if (!finished.right && team->rank == 0) {
      fprintf(stderr, "parbench: %s: the check failed: %s\n", planned->title,
              finished.outcome.check);
    }
  }
  outcome_free(&finished.outcome);
  listing_close(&listing);
  *right = *right && finished.right;
  return status;
}

enum status run_plan(const struct plan *plan, struct team *team, bool *right, struct fault *fault) {
  struct output output = {0};
  *right = true;
  enum status status =
      ON_RANK0(team, fault, output_open(&output, plan, environment_record(team), fault));
  for (size_t i = 0; status == STATUS_OK && i < plan->count; i++) {
    status = run_case(plan, i, team, &output, right, fault);
  }
  if (status == STATUS_OK) {
    status = ON_RANK0(team, fault, output_end(&output, fault));
  }
  output_close(&output);
  return status;
}
