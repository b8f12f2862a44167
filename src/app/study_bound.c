#include "app/study_bound.h"

#include <math.h>
#include <stdlib.h>

#include "app/study_kind.h"
#include "core/stats.h"
#include "mpi/census.h"
#include "mpi/memory_bandwidth.h"

/* Rank 0 knows the cores of all; `count`: none. The same on all ranks. */
static size_t most_with_cores(struct team *team, const struct study_entry *entries, size_t count) {
  size_t found = count;
  for (size_t i = 0; team->rank == 0 && i < count && entries[i].kind->needs_core(&entries[i]);
       i++) {
    const struct team *part = &entries[i].team;
    if (part->size > 1 && part->threads == 1 && part->size <= part->cores) {
      found = i;
    }
  }
  team_broadcast(team, team->comm, 0, &found, sizeof found, WAIT_PATIENT);
  return found;
}

static enum status open_at_once(struct study_entry *entry, struct fault *fault) {
  fault->status = STATUS_OK;
  entry->at_once = calloc(STUDY_MOST_ROUNDS, sizeof *entry->at_once);
  if (entry->at_once == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory");
  }
  if (team_agree(&entry->team, fault) != STATUS_OK ||
      entry->kind->open_at_once(entry, fault) != STATUS_OK) {
    free(entry->at_once);
    entry->at_once = NULL;
  }
  return fault->status;
}

enum status study_bound_open(struct team *team, struct study_entry *entries, size_t count,
                             struct fault *fault) {
  size_t chosen = most_with_cores(team, entries, count);
  fault->status = STATUS_OK;
  if (chosen < count && entries[chosen].kind->open_at_once != NULL &&
      team_has_me(&entries[chosen].team)) {
    open_at_once(&entries[chosen], fault);
  }
  return team_agree(team, fault);
}

bool study_bound_seconds(const struct study_entry *entry, size_t rounds, double *seconds) {
  for (size_t i = 0; entry->at_once != NULL && i < rounds; i++) {
    seconds[i] = entry->at_once[i].seconds;
  }
  return entry->at_once != NULL;
}

double study_bound_cores(const struct study_entry *entry, size_t rounds) {
  double at_once[STUDY_MOST_ROUNDS];
  if (!study_bound_seconds(entry, rounds, at_once)) {
    return 0;
  }
  double serial = stats_of(study_serial(entry), rounds).median;
  return entry->ranks * serial / stats_of(at_once, rounds).median;
}

double study_bound_clock_drop(struct team *team, const struct study_entry *entries, size_t count) {
  size_t chosen = most_with_cores(team, entries, count);
  double drop = NAN;
  if (chosen < count && team_has_me(&entries[chosen].team)) {
    drop = census_clock_drop(&entries[chosen].team);
  }
  team_barrier(team, team->comm, WAIT_PATIENT);
  return drop;
}

void study_bound_memory(struct team *team, struct study_entry *entries, size_t count) {
  const struct team *alone = &entries[0].alone_team;
  double one = team_has_me(alone) ? memory_bandwidth(alone) : NAN;
  team_barrier(team, team->comm, WAIT_PATIENT);
  for (size_t i = 0; i < count; i++) {
    if (team_has_me(&entries[i].team)) {
      double all = memory_bandwidth(&entries[i].team);
      entries[i].memory_speedup = team->rank == 0 && isfinite(all / one) ? all / one : 0;
    }
    team_barrier(team, team->comm, WAIT_PATIENT);
  }
}
