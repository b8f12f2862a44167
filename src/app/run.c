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
  if (trial->pool.team->rank == 0 && trial->planned->workload->note != NULL) {
    trial->planned->workload->note(&trial->job, text, sizeof text);
    if (text[0] != '\0') {
      fprintf(stderr, "%s\n", text);
    }
  }
}

/* One case from set-up to the written record. */
static enum status run_case(const struct plan *plan, size_t index, struct team *team,
                            struct output *output, bool *right, struct fault *fault) {
  const struct planned_case *planned = &plan->cases[index];
  struct trial trial;
  struct listing listing;
  if (listing_open(&listing, team, planned, fault) != STATUS_OK) {
    return fault->status;
  }
  if (trial_open(&trial, team, planned, &plan->common, fault) != STATUS_OK) {
    listing_close(&listing);
    return fault->status;
  }
  show_note(&trial);
  double parallel[MEASURE_MAX_ROUNDS];
  double serial[MEASURE_MAX_ROUNDS];
  struct timings timings = {.parallel = parallel, .serial = serial};
  struct pool_report report;
  struct outcome outcome = {0};
  bool case_right = false;
  enum status status = plan->command == COMMAND_SUITE
                           ? measure(&trial, measure_budget(plan->count), &report, &timings, fault)
                           : run_once(&trial, &report, &timings, fault);
  if (status == STATUS_OK) {
    status = trial_finish(&trial, &outcome, &case_right, fault);
  }
  if (status == STATUS_OK) {
    status = listing_write(&listing, &trial, json_object_get(outcome.answer, "count"), fault);
  }
  if (status == STATUS_OK) {
    status = ON_RANK0(team, fault,
                      output_add(output, planned, case_record(&trial, &outcome, &report, &timings),
                                 &outcome, fault));
    if (!case_right && team->rank == 0) {
      fprintf(stderr, "parbench: %s: the check failed: %s\n", planned->title, outcome.check);
    }
  }
  outcome_free(&outcome);
  trial_close(&trial);
  listing_close(&listing);
  *right = *right && case_right;
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
