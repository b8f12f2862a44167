#include "app/study_plan.h"

#include <stdlib.h>
#include <string.h>

#include "app/trial.h"
#include "core/number.h"

enum { MOST_STEPS = 64 };

/* Numbers of ranks that a case is scaled over, ascending. */
struct steps {
  int ranks[MOST_STEPS];
  size_t count;
};

/* 1, 2, 4 ... and all. */
static void double_up(struct steps *steps, int all) {
  for (int ranks = 1; ranks < all && steps->count < MOST_STEPS - 1; ranks *= 2) {
    steps->ranks[steps->count++] = ranks;
    if (ranks > all / 2) {
      break;
    }
  }
  steps->ranks[steps->count++] = all;
}

static enum status parse_steps(const char *list, int all, struct steps *steps,
                               struct fault *fault) {
  const char *at = list;
  while (*at != '\0') {
    char word[32] = "";
    size_t length = strcspn(at, ",");
    uint64_t ranks = 0;
    snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
    int last = steps->count == 0 ? 0 : steps->ranks[steps->count - 1];
    if (number_parse_count(word, &ranks) != NUMBER_OK || ranks > (uint64_t)all ||
        (int)ranks <= last || steps->count == MOST_STEPS) {
      return fault_set(fault, STATUS_USAGE,
                       "--ranks: '%s' in '%s': accepted are ascending numbers from 1 to %d, the "
                       "ranks that were started",
                       word, list, all);
    }
    steps->ranks[steps->count++] = (int)ranks;
    at += length + (at[length] == ',');
  }
  return STATUS_OK;
}

static struct study_entry *add_entry(struct study_plan *study, const struct planned_case *planned,
                                     int ranks) {
  struct study_entry *entry = &study->entries[study->count++];
  *entry = (struct study_entry){
      .planned = planned, .ranks = ranks, .factor = 1, .group = study->group_count - 1};
  return entry;
}

static void begin_group(struct study_plan *study) {
  study->groups[study->group_count++] = (struct study_group){.first = study->count};
}

static void end_group(struct study_plan *study) {
  struct study_group *group = &study->groups[study->group_count - 1];
  group->count = study->count - group->first;
}

/* One case on growing numbers of ranks, all compared with the first one's baseline. */
static void add_scale(struct study_plan *study, const struct planned_case *planned,
                      const struct steps *steps, bool weak) {
  begin_group(study);
  const struct study_entry *first = &study->entries[study->count];
  for (size_t i = 0; i < steps->count; i++) {
    struct study_entry *entry = add_entry(study, planned, steps->ranks[i]);
    entry->baseline = i == 0 ? NULL : first;
    entry->factor = weak ? (uint64_t)steps->ranks[i] : 1;
  }
  end_group(study);
}

/* For a case of a sweep, whose entries stand in the order of its cases: an earlier one with the
   same job. Its kernel alone takes the same time. */
static const struct study_entry *find_baseline(const struct study_plan *study,
                                               const struct plan *plan, size_t index) {
  const struct planned_case *planned = &plan->cases[index];
  const struct subject *subject = &planned->subject;
  json_t *wanted = options_to_json(subject->options, planned->parameters);
  const struct study_entry *found = NULL;
  for (size_t i = 0; i < index && found == NULL; i++) {
    const struct study_entry *entry = &study->entries[i];
    const struct planned_case *earlier = &plan->cases[i];
    json_t *other = options_to_json(subject->options, earlier->parameters);
    if (entry->baseline == NULL && earlier->common->seed == planned->common->seed &&
        json_equal(wanted, other)) {
      found = entry;
    }
    json_decref(other);
  }
  json_decref(wanted);
  return found;
}

static enum status check_ranks(const struct plan *plan, int ranks, struct fault *fault) {
  for (size_t i = 0; i < plan->count; i++) {
    if (plan->cases[i].ranks > ranks) {
      return fault_set(fault, STATUS_USAGE,
                       "ranks: %d are more than were started: accepted are 1 to %d (mpirun -np)",
                       plan->cases[i].ranks, ranks);
    }
  }
  return STATUS_OK;
}

static void add_sweep(struct study_plan *study, const struct plan *plan, int ranks) {
  begin_group(study);
  for (size_t i = 0; i < plan->count; i++) {
    const struct planned_case *planned = &plan->cases[i];
    const struct study_entry *baseline = find_baseline(study, plan, i);
    add_entry(study, planned, planned->ranks == 0 ? ranks : planned->ranks)->baseline = baseline;
  }
  end_group(study);
}

/* In rounds together: then the clock that one case met, the others met too. */
static void add_suite(struct study_plan *study, const struct plan *plan, int ranks) {
  begin_group(study);
  for (size_t i = 0; i < plan->count; i++) {
    add_entry(study, &plan->cases[i], ranks);
  }
  end_group(study);
}

static enum status check_weak(const struct plan *plan, const struct steps *steps,
                              struct fault *fault) {
  if (plan->study.weak && steps->ranks[0] != 1) {
    return fault_set(
        fault, STATUS_USAGE,
        "--ranks: with --weak the first one is 1: its job is what the others multiply");
  }
  for (size_t i = 0; plan->study.weak && i < plan->count; i++) {
    for (size_t k = 1; k < steps->count; k++) {
      void *enlarged = trial_enlarge(&plan->cases[i], (uint64_t)steps->ranks[k], fault);
      if (enlarged == NULL) {
        return fault->status;
      }
      free(enlarged);
    }
  }
  return STATUS_OK;
}

enum status study_plan_make(struct study_plan *study, const struct plan *plan, int ranks,
                            struct fault *fault) {
  struct steps steps = {.count = 0};
  *study = (struct study_plan){
      .rules = {.relative = plan->study.relative, .seconds = plan->study.seconds}};
  if (plan->study.ranks == NULL) {
    double_up(&steps, ranks);
  } else if (parse_steps(plan->study.ranks, ranks, &steps, fault) != STATUS_OK) {
    return fault->status;
  }
  if (check_weak(plan, &steps, fault) != STATUS_OK ||
      check_ranks(plan, ranks, fault) != STATUS_OK) {
    return fault->status;
  }
  study->entries = calloc(plan->count * steps.count, sizeof *study->entries);
  study->groups = calloc(plan->count, sizeof *study->groups);
  if (study->entries == NULL || study->groups == NULL) {
    study_plan_free(study);
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if (plan->command == COMMAND_SWEEP) {
    add_sweep(study, plan, ranks);
    study->rules.seconds *= (double)study->count;
    return STATUS_OK;
  }
  if (plan->command == COMMAND_SUITE) {
    add_suite(study, plan, ranks);
    return STATUS_OK;
  }
  for (size_t i = 0; i < plan->count; i++) {
    if (plan->command == COMMAND_SCALE) {
      add_scale(study, &plan->cases[i], &steps, plan->study.weak);
    } else {
      begin_group(study);
      add_entry(study, &plan->cases[i], ranks);
      end_group(study);
    }
  }
  study->scales = plan->command == COMMAND_SCALE;
  study->rules.bounds = study->scales;
  if (study->scales) {
    study->rules.seconds *= (double)steps.count;
  }
  return STATUS_OK;
}

void study_plan_free(struct study_plan *study) {
  free(study->entries);
  free(study->groups);
  *study = (struct study_plan){0};
}
