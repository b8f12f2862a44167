#include "app/study.h"

#include <math.h>
#include <stdlib.h>

#include "app/study_bound.h"
#include "app/study_kind.h"
#include "core/clock.h"
#include "core/stats.h"

/* Fewer samples have no interval at 95 %. */
enum { LEAST_ROUNDS = 6 };

/* A verdict of the ranks that do an entry becomes everyone's. */
static enum status agree(struct team *whole, enum status status, struct fault *fault) {
  if (status == STATUS_OK) {
    fault->status = STATUS_OK;
  }
  return team_agree(whole, fault);
}

static const struct study_kind *kind_of(const struct study_entry *entry) {
  return entry->planned->subject.probe != NULL ? &study_of_probe : &study_of_workload;
}

static enum status check_threads(const struct team *team, const struct study_entry *entry,
                                 struct fault *fault) {
  if (entry->planned->common->threads > 1 && !team->has_threads) {
    return fault_set(fault, STATUS_FAILED,
                     "--threads: this MPI library allows no threads: accepted is 1");
  }
  return STATUS_OK;
}

static enum status make_room(struct study_entry *entry, struct fault *fault) {
  fault->status = STATUS_OK;
  entry->parallel = calloc(STUDY_MOST_ROUNDS, sizeof *entry->parallel);
  entry->serial = calloc(STUDY_MOST_ROUNDS, sizeof *entry->serial);
  entry->alones = calloc(STUDY_MOST_ROUNDS, sizeof *entry->alones);
  entry->reports = calloc(STUDY_MOST_ROUNDS, sizeof *entry->reports);
  if (entry->parallel == NULL || entry->serial == NULL || entry->alones == NULL ||
      entry->reports == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  }
  return team_agree(&entry->team, fault);
}

/* A study under way, as far as those who look on hear of it. */
struct onlooker {
  const struct study_watch *watch; /* NULL: nobody */
  struct study_pace pace;
};

static void look(struct onlooker *onlooker, size_t at) {
  onlooker->pace.at = at;
  onlooker->pace.part = 0;
  if (onlooker->watch != NULL) {
    onlooker->watch->look(onlooker->watch->data, &onlooker->pace);
  }
}

static void look_at_warm_up(void *data, uint64_t done, uint64_t total, double now) {
  struct onlooker *onlooker = data;
  (void)now;
  onlooker->pace.part = total == 0 ? 0 : (double)done / (double)total;
  onlooker->watch->look(onlooker->watch->data, &onlooker->pace);
}

/* Of the ranks that do the entry. Nobody measures the warm-up, so it may be watched from within. */
static enum status open_and_warm_up(struct study_entry *entry, struct onlooker *onlooker,
                                    struct fault *fault) {
  struct watch watch = {.show = look_at_warm_up, .data = onlooker};
  struct watch *watched = onlooker->watch == NULL ? NULL : &watch;
  if (entry->kind->open(entry, fault) != STATUS_OK) {
    return fault->status;
  }
  entry->open = true;
  if (make_room(entry, fault) != STATUS_OK ||
      entry->kind->run(entry, watched, &entry->reports[0], fault) != STATUS_OK) {
    return fault->status; /* the same on all ranks */
  }
  return entry->kind->keep(entry, fault);
}

static enum status open_entry(struct team *whole, struct study_entry *entry,
                              struct onlooker *onlooker, struct fault *fault) {
  if (check_threads(whole, entry, fault) != STATUS_OK) {
    return fault->status; /* the same on all ranks */
  }
  team_part_open(whole, entry->ranks, (int)entry->planned->common->threads, &entry->team);
  enum status status =
      team_has_me(&entry->team) ? open_and_warm_up(entry, onlooker, fault) : STATUS_OK;
  return agree(whole, status, fault);
}

static const struct study_entry *baseline_of(const struct study_entry *entry) {
  return entry->baseline == NULL ? entry : entry->baseline;
}

/* Rank 0 compares what it found alone, earlier in this round, with what all found. Of a job that
   grew with the ranks there is nothing to compare with. */
static enum status check_same(const struct study_entry *entry, struct fault *fault) {
  const struct study_entry *baseline = baseline_of(entry);
  bool comparable = baseline->runs_alone && entry->factor == baseline->factor;
  fault->status = STATUS_OK;
  if (comparable && entry->team.rank == 0 && !entry->kind->agrees(entry, baseline)) {
    fault_set(fault, STATUS_FAILED, "%s: %d ranks and one rank alone differ in their results",
              entry->planned->title, entry->team.size);
  }
  return team_agree(&entry->team, fault);
}

static enum status measure_at_once(struct study_entry *entry, size_t round,
                                   struct onlooker *onlooker, struct fault *fault) {
  enum status status = entry->kind->run_at_once(entry, &entry->at_once[round], fault);
  if (status == STATUS_OK) {
    look(onlooker, onlooker->pace.at);
  }
  return status;
}

static enum status measure_entry(struct study_entry *entry, size_t round, struct onlooker *onlooker,
                                 struct fault *fault) {
  if (entry->runs_alone) {
    if (entry->kind->run_alone(entry, &entry->alones[round], fault) != STATUS_OK) {
      return fault->status;
    }
    entry->serial[round] = entry->alones[round].seconds;
    look(onlooker, onlooker->pace.at);
  }
  if (entry->at_once != NULL && measure_at_once(entry, round, onlooker, fault) != STATUS_OK) {
    return fault->status;
  }
  if (entry->kind->run(entry, NULL, &entry->reports[round], fault) != STATUS_OK) {
    return fault->status;
  }
  entry->parallel[round] = entry->reports[round].seconds;
  if (check_same(entry, fault) != STATUS_OK) {
    return fault->status;
  }
  entry->measured = round + 1;
  return STATUS_OK;
}

/* The others sleep meanwhile, in the barrier of team_agree. */
static enum status measure_round(struct team *whole, struct study_entry *entries, size_t count,
                                 size_t round, struct onlooker *onlooker, struct fault *fault) {
  for (size_t i = 0; i < count; i++) {
    look(onlooker, i);
    enum status status = team_has_me(&entries[i].team)
                             ? measure_entry(&entries[i], round, onlooker, fault)
                             : STATUS_OK;
    if (agree(whole, status, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return STATUS_OK;
}

static bool is_narrow(const double *samples, size_t count, double relative) {
  struct stats stats = stats_of(samples, count);
  return stats.has_interval && stats.ci95_high - stats.ci95_low <= 2 * relative * stats.median;
}

/* Rank 0 does all entries. */
static bool all_narrow(const struct study_entry *entries, size_t count, size_t rounds,
                       double relative) {
  for (size_t i = 0; i < count; i++) {
    if (!is_narrow(entries[i].parallel, rounds, relative) ||
        (entries[i].runs_alone && !is_narrow(entries[i].serial, rounds, relative))) {
      return false;
    }
  }
  return rounds >= LEAST_ROUNDS;
}

/* A round that would end after the time allowed is not begun. */
static bool wants_more(const struct study_entry *entries, const struct study_pace *pace,
                       const struct study_rules *rules, struct study_result *result, double now) {
  bool fits = now + pace->next_round - pace->began <= rules->seconds;
  result->narrow =
      rules->relative > 0 && all_narrow(entries, pace->count, result->rounds, rules->relative);
  return fits && !result->narrow && result->rounds < STUDY_MOST_ROUNDS;
}

static enum status open_all(struct team *team, struct study_entry *entries, size_t count,
                            struct onlooker *onlooker, struct fault *fault) {
  for (size_t i = 0; i < count; i++) {
    entries[i].kind = kind_of(&entries[i]);
    entries[i].right = true;
    team_part_none(&entries[i].team);
    team_part_none(&entries[i].alone_team);
  }
  for (size_t i = 0; i < count; i++) {
    look(onlooker, i);
    if (open_entry(team, &entries[i], onlooker, fault) != STATUS_OK) {
      return fault->status;
    }
  }
  return STATUS_OK;
}

enum status study_run(struct team *team, struct study_entry *entries, size_t count,
                      const struct study_rules *rules, const struct study_watch *watch,
                      struct study_result *result, struct fault *fault) {
  struct onlooker onlooker = {.watch = team->rank == 0 ? watch : NULL,
                              .pace = {.count = count, .opened = clock_seconds()}};
  struct study_pace *pace = &onlooker.pace;
  *result = (struct study_result){0};
  fault->status = STATUS_OK;
  if (open_all(team, entries, count, &onlooker, fault) != STATUS_OK ||
      (rules->bounds && study_bound_open(team, entries, count, fault) != STATUS_OK)) {
    return fault->status;
  }
  pace->began = clock_seconds();
  double round_before = INFINITY;
  unsigned char goes_on = 1;
  while (goes_on) {
    pace->round_began = clock_seconds();
    if (measure_round(team, entries, count, result->rounds, &onlooker, fault) != STATUS_OK) {
      return fault->status;
    }
    look(&onlooker, count);
    double now = clock_seconds();
    double last_round = now - pace->round_began;
    pace->next_round = fmin(last_round, round_before);
    round_before = last_round;
    pace->rounds = ++result->rounds;
    if (team->rank == 0) { /* its clock and its samples decide for all */
      goes_on = wants_more(entries, pace, rules, result, now);
    }
    team_broadcast(team, team->comm, 0, &goes_on, sizeof goes_on, WAIT_PATIENT);
  }
  return STATUS_OK;
}

void study_close(struct study_entry *entries, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct study_entry *entry = &entries[i];
    if (entry->open) {
      entry->kind->close(entry);
    }
    free(entry->parallel);
    free(entry->serial);
    free(entry->alones);
    free(entry->at_once);
    free(entry->reports);
    outcome_free(&entry->outcome);
    team_part_close(&entry->team);
  }
}

const double *study_serial(const struct study_entry *entry) {
  const struct study_entry *baseline = baseline_of(entry);
  return baseline->runs_alone ? baseline->serial : NULL;
}

size_t study_typical_round(const struct study_entry *entry, const struct study_result *result) {
  const double *serial = study_serial(entry);
  const double *parallel = entry->parallel;
  for (size_t i = 0; i < result->rounds; i++) {
    size_t before = 0;
    for (size_t j = 0; j < result->rounds; j++) {
      double mine = parallel[i] * (serial == NULL ? 1 : serial[j]);
      double other = parallel[j] * (serial == NULL ? 1 : serial[i]);
      before += other < mine || (other == mine && j < i);
    }
    if (before == (result->rounds - 1) / 2) {
      return i;
    }
  }
  return 0;
}

static void add_bounds(json_t *record, const struct study_entry *entry, size_t rounds) {
  double at_once[STUDY_MOST_ROUNDS];
  if (entry->memory_speedup > 0) {
    json_object_set_new(record, "memory_bound", json_real(entry->memory_speedup));
  }
  if (study_bound_seconds(entry, rounds, at_once)) {
    json_object_set_new(record, "core_bound", json_real(study_bound_cores(entry, rounds)));
    json_object_set_new(record, "at_once", case_seconds_record(at_once, rounds));
  }
}

static json_t *record_of(const struct study_entry *entry, const struct outcome *outcome,
                         size_t rounds, const char *stopped) {
  double skews[STUDY_MOST_ROUNDS];
  for (size_t i = 0; i < rounds; i++) {
    skews[i] = entry->reports[i].start_skew;
  }
  struct timings timings = {.count = rounds,
                            .parallel = entry->parallel,
                            .skews = skews,
                            .serial = study_serial(entry),
                            .factor = entry->factor};
  const struct study_result result = {.rounds = rounds};
  const struct pool_report *report = &entry->reports[study_typical_round(entry, &result)];
  json_t *record = entry->kind->record(entry, outcome, report, &timings);
  json_object_set_new(json_object_get(record, "run"), "stopped", json_string(stopped));
  json_object_set_new(json_object_get(record, "run"), "group",
                      json_integer((json_int_t)entry->group));
  add_bounds(record, entry, rounds);
  return record;
}

json_t *study_record_so_far(const struct study_entry *entry, size_t rounds, const char *stopped) {
  return record_of(entry, &entry->outcome, rounds, stopped);
}

enum status study_record(struct study_entry *entry, const struct study_result *result,
                         struct outcome *outcome, bool *right, json_t **record,
                         struct fault *fault) {
  *record = NULL;
  if (entry->kind->finish(entry, outcome, right, fault) == STATUS_OK && entry->team.rank == 0) {
    *record = record_of(entry, outcome, result->rounds,
                        result->narrow                        ? "narrow"
                        : result->rounds == STUDY_MOST_ROUNDS ? "rounds"
                                                              : "time");
  }
  return fault->status;
}
