#include "app/run.h"

#include <math.h>

#include "app/case_record.h"
#include "app/environment.h"
#include "app/listing.h"
#include "app/ending.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/scaling_record.h"
#include "app/study_bound.h"
#include "app/study_plan.h"
#include "app/study_show.h"
#include "app/trial.h"
#include "core/clock.h"

/* Rank 0 says whether it could; all agree. */
#define ON_RANK0(team, fault, call)                                                                \
  ((fault)->status = STATUS_OK, (team)->rank == 0 ? (void)(call) : (void)0, team_agree(team, fault))

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

static void show_progress(void *data, uint64_t done, uint64_t total, double now) {
  progress_show(data, done, total, now);
}

static enum status run_watched(struct trial *trial, struct pool_report *report,
                               struct fault *fault) {
  struct progress progress;
  struct watch watch = {.show = show_progress, .data = &progress};
  bool watches = trial->pool.team->rank == 0;
  if (watches) {
    progress_open(&progress, progress_manner(trial->common->progress), stderr,
                  trial->planned->title);
    trial->pool.watch = &watch;
  } else {
    ending_linger(true);
  }
  enum status status = trial_run(trial, report, fault);
  if (watches) {
    progress_close(&progress);
    trial->pool.watch = NULL;
  } else {
    ending_linger(false);
  }
  return status;
}

static enum status do_job(const struct planned_case *planned, struct team *team,
                          struct listing *listing, struct finished *finished, struct fault *fault) {
  struct trial trial;
  if (trial_open(&trial, team, planned, 1, fault) != STATUS_OK) {
    return fault->status;
  }
  show_note(&trial);
  struct pool_report report;
  struct outcome *outcome = &finished->outcome;
  enum status status = run_watched(&trial, &report, fault);
  if (status == STATUS_OK) {
    status = trial_finish(&trial, NULL, outcome, &finished->right, fault);
  }
  if (status == STATUS_OK) {
    status = listing_write(listing, &trial, json_object_get(outcome->answer, "count"), fault);
  }
  if (status == STATUS_OK && team->rank == 0) {
    const struct timings timings = {
        .count = 1, .parallel = &report.seconds, .skews = &report.start_skew, .factor = 1};
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
    const struct timings timings = {.count = 1, .parallel = &report.seconds, .factor = 1};
    finished->record = probe_record(planned, team, outcome, report.items, &timings);
  }
  return status;
}

/* Rank 0 puts it out; a wrong answer is told once more on stderr. */
static enum status put_out(struct team *team, struct output *output,
                           const struct planned_case *planned, struct finished *finished,
                           struct fault *fault) {
  enum status status = ON_RANK0(
      team, fault, output_add(output, planned, finished->record, &finished->outcome, fault));
  if (!finished->right && team->rank == 0) {
    fprintf(stderr, "parbench: %s: the check failed: %s\n", planned->title,
            finished->outcome.check);
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
  enum status status =
      ON_RANK0(team, fault, output_refuse_same(output, &listing.file, "--write", fault));
  if (status == STATUS_OK) {
    status = planned->subject.probe != NULL
                 ? do_probe(plan, planned, team, &listing, &finished, fault)
                 : do_job(planned, team, &listing, &finished, fault);
  }
  if (status == STATUS_OK) {
    status = put_out(team, output, planned, &finished, fault);
  }
  outcome_free(&finished.outcome);
  listing_close(&listing);
  *right = *right && finished.right;
  return status;
}

static enum status run_cases(const struct plan *plan, struct team *team, struct output *output,
                             bool *right, struct fault *fault) {
  enum status status = STATUS_OK;
  for (size_t i = 0; status == STATUS_OK && i < plan->count; i++) {
    status = run_case(plan, i, team, output, right, fault);
  }
  return status;
}

/* Some of the ranks did the entry, rank 0 among them; all hear what it came to. */
static enum status finish_entry(struct team *team, struct study_entry *entry,
                                const struct study_result *result, struct study_show *show,
                                struct output *output, bool *right, struct fault *fault) {
  struct finished finished = {.right = true};
  fault->status = STATUS_OK;
  if (team_has_me(&entry->team)) {
    study_record(entry, result, &finished.outcome, &finished.right, &finished.record, fault);
  }
  enum status status = team_agree(team, fault);
  if (status == STATUS_OK) {
    finished.right = team_share_verdict(team, finished.right);
    if (show != NULL) {
      study_show_hide(show);
    }
    status = put_out(team, output, entry->planned, &finished, fault);
  }
  outcome_free(&finished.outcome);
  *right = *right && finished.right;
  return status;
}

static void analyse_scaling(struct team *team, const struct study_entry *entries, size_t count,
                            const struct study_result *result, struct output *output) {
  double drop = study_bound_clock_drop(team, entries, count);
  if (team->rank == 0) {
    struct scaling scaling = scaling_of_study(entries, count, result, drop);
    json_array_append_new(output->report.analysis,
                          scaling_record(entries[0].planned->title, &scaling));
  }
}

/* show: what rank 0 shows meanwhile; NULL on the others. */
static enum status run_group(const struct study_plan *study, const struct study_group *group,
                             struct study_show *show, struct team *team, struct output *output,
                             bool *right, struct fault *fault) {
  struct study_entry *entries = &study->entries[group->first];
  struct study_result result;
  enum status status = study_run(team, entries, group->count, &study->rules,
                                 show == NULL ? NULL : &show->watch, &result, fault);
  const struct probe *probe = entries[0].planned->subject.probe;
  if (status != STATUS_OK && show != NULL) {
    struct fault unheeded; /* the one that is told came first */
    study_show_failed(show, &unheeded);
  }
  if (status == STATUS_OK && study->scales && probe != NULL && probe->bound_by_memory) {
    study_bound_memory(team, entries, group->count);
  }
  for (size_t i = 0; status == STATUS_OK && i < group->count; i++) {
    status = finish_entry(team, &entries[i], &result, show, output, right, fault);
    if (show != NULL && status == STATUS_OK) {
      study_show_rest(show);
    }
  }
  if (status == STATUS_OK && study->scales && (probe == NULL || probe->shares_job)) {
    analyse_scaling(team, entries, group->count, &result, output);
  }
  study_close(entries, group->count);
  return status;
}

static enum status run_study(const struct plan *plan, const struct study_plan *study,
                             struct team *team, struct output *output, bool *right,
                             struct fault *fault) {
  enum status status = STATUS_OK;
  struct study_show show;
  bool shows = team->rank == 0;
  if (shows) {
    study_show_open(&show, study, plan->common.progress, output);
  } else {
    ending_linger(true);
  }
  for (size_t i = 0; status == STATUS_OK && i < study->group_count; i++) {
    const struct study_group *group = &study->groups[i];
    if (shows) {
      study_show_group(&show, group);
    }
    status = run_group(study, group, shows ? &show : NULL, team, output, right, fault);
    if (shows) {
      study_show_next(&show);
    }
  }
  if (shows) {
    study_show_close(&show);
  } else {
    ending_linger(false);
  }
  return status;
}

enum status run_plan(const struct plan *plan, struct team *team, bool *right, struct fault *fault) {
  struct output output = {0};
  struct study_plan study = {0};
  *right = true;
  if (plan->command != COMMAND_RUN &&
      study_plan_make(&study, plan, team->size, fault) != STATUS_OK) {
    return fault->status; /* the same on all ranks */
  }
  json_t *environment;
  if (environment_record(team, plan->typed, &environment, fault) != STATUS_OK) {
    study_plan_free(&study);
    return fault->status;
  }
  size_t rows = plan->command == COMMAND_RUN ? plan->count : study.count;
  enum status status = ON_RANK0(team, fault, output_open(&output, plan, rows, environment, fault));
  if (status == STATUS_OK) {
    status = plan->command == COMMAND_RUN ? run_cases(plan, team, &output, right, fault)
                                          : run_study(plan, &study, team, &output, right, fault);
  }
  if (status == STATUS_OK) {
    status = ON_RANK0(team, fault, output_end(&output, fault));
  } else if (output.report.count > 0) { /* rank 0: what was put out comes to its end */
    struct fault unheeded;
    output_end(&output, &unheeded);
  }
  output_close(&output);
  study_plan_free(&study);
  return status;
}
