#include "probes/array_verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mpi/call.h"
#include "mpi/wait.h"
#include "probes/array_values.h"

static void gather(struct array_verdict *verdict, const struct array_steps *steps) {
  const struct team *team = verdict->memory->team;
  int count = team->size + ARRAY_OTHER_COUNTS;
  const int size = (int)sizeof steps->findings;
  MPI_Request requests[2];
  MPI_CALL(MPI_Igather(&steps->findings, size, MPI_BYTE, verdict->findings, size, MPI_BYTE, 0,
                       team->comm, &requests[0]));
  MPI_CALL(MPI_Ireduce(steps->counts, verdict->counts, count, MPI_UINT64_T, MPI_SUM, 0, team->comm,
                       &requests[1]));
  wait_for_all(team, 2, requests, WAIT_BRISK, NULL, NULL);
}

enum status array_verdict_open(struct array_verdict *verdict, const struct array_steps *steps,
                               struct fault *fault) {
  const struct team *team = steps->memory->team;
  *verdict = (struct array_verdict){
      .memory = steps->memory, .fill = steps->fill, .streaming = steps->streaming};
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    size_t ranks = (size_t)team->size;
    verdict->findings = calloc(ranks, sizeof *verdict->findings);
    verdict->counts = calloc(ranks + ARRAY_OTHER_COUNTS, sizeof *verdict->counts);
    if (verdict->findings == NULL || verdict->counts == NULL) {
      fault_set(fault, STATUS_FAILED, "out of memory");
    }
  }
  if (team_agree(team, fault) == STATUS_OK) {
    gather(verdict, steps);
  }
  return fault->status;
}

void array_verdict_close(struct array_verdict *verdict) {
  free(verdict->findings);
  free(verdict->counts);
}

static uint128_t sum_of(const struct array_verdict *verdict, bool made) {
  uint128_t sum = 0;
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    const struct array_findings *found = &verdict->findings[rank];
    sum += array_sum(made ? found->made_sum : found->seen_sum);
  }
  return sum;
}

uint128_t array_verdict_sum(const struct array_verdict *verdict) {
  return sum_of(verdict, false);
}

uint64_t array_verdict_confirmed(const struct array_verdict *verdict) {
  uint64_t confirmed = 0;
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    confirmed += verdict->findings[rank].confirmed;
  }
  return confirmed;
}

/* Values that one rank's rows hold. */
static uint64_t values_of(const struct array_verdict *verdict, int rank) {
  return verdict->findings[rank].rows * verdict->memory->cols;
}

/* The rows are dealt evenly, and none is left over. */
static bool are_dealt(const struct array_verdict *verdict) {
  uint64_t size = (uint64_t)verdict->memory->team->size;
  uint64_t least = verdict->memory->rows / size;
  uint64_t dealt = 0;
  bool even = true;
  for (int rank = 0; rank < (int)size; rank++) {
    uint64_t rows = verdict->findings[rank].rows;
    even = even && rows >= least && rows <= least + 1;
    dealt += rows;
  }
  return even && dealt == verdict->memory->rows;
}

/* The lowest rank of whose rows not all values were found to be right, by whoever looked at them;
   -1: none. *confirmed: how many were. */
static int find_wrong_rank(const struct array_verdict *verdict, uint64_t *confirmed) {
  int size = verdict->memory->team->size;
  int wrong = -1;
  for (int looker = 0; looker < size; looker++) {
    const struct array_findings *found = &verdict->findings[looker];
    int rank = verdict->fill == ARRAY_FILL_RANDOM ? found->remade : found->verified;
    if (found->confirmed != values_of(verdict, rank) && (wrong < 0 || rank < wrong)) {
      wrong = rank;
      *confirmed = found->confirmed;
    }
  }
  return wrong;
}

/* The first rank whose value does not occur as often as its rows hold values; -1: none. */
static int find_wrong_count(const struct array_verdict *verdict) {
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    if (verdict->counts[rank] != values_of(verdict, rank)) {
      return rank;
    }
  }
  return -1;
}

static uint64_t count_unexpected(const struct array_verdict *verdict) {
  uint64_t unexpected = 0;
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    unexpected += verdict->findings[rank].unexpected;
  }
  return unexpected;
}

static bool random_right(const struct array_verdict *verdict, char *text, size_t size) {
  char seen[UINT128_TEXT];
  char made[UINT128_TEXT];
  uint128_t seen_sum = sum_of(verdict, false);
  uint128_t made_sum = sum_of(verdict, true);
  if (seen_sum != made_sum) {
    snprintf(text, size, "the values add up to %s, made again to %s", uint128_text(seen_sum, seen),
             uint128_text(made_sum, made));
    return false;
  }
  snprintf(text, size,
           "the default stood everywhere; all values, and their sum, are the same "
           "when made again");
  return true;
}

static bool counts_right(const struct array_verdict *verdict, char *text, size_t size) {
  int ranks = verdict->memory->team->size;
  int rank = find_wrong_count(verdict);
  if (rank >= 0) {
    snprintf(text, size,
             "%g, the value of rank %d, occurs %" PRIu64 " times instead of %" PRIu64
             "; the default %" PRIu64 " times",
             array_mark(rank), rank, verdict->counts[rank], values_of(verdict, rank),
             verdict->counts[ranks + ARRAY_DEFAULTS]);
    return false;
  }
  snprintf(text, size,
           "the default stood everywhere; then each rank's value in its rows, as often "
           "as it should");
  return true;
}

bool array_verdict_right(const struct array_verdict *verdict, char *text, size_t size) {
  uint64_t unexpected = count_unexpected(verdict);
  uint64_t confirmed = 0;
  int rank = find_wrong_rank(verdict, &confirmed);
  if (!are_dealt(verdict)) {
    snprintf(text, size, "the rows were not dealt evenly");
    return false;
  }
  if (unexpected > 0) {
    snprintf(text, size, "%" PRIu64 " values were not the default at first", unexpected);
    return false;
  }
  if (rank >= 0) {
    snprintf(text, size,
             "of the %" PRIu64 " values in the rows of rank %d only %" PRIu64
             " are what it should have written",
             values_of(verdict, rank), rank, confirmed);
    return false;
  }
  return verdict->fill == ARRAY_FILL_RANDOM ? random_right(verdict, text, size)
                                            : counts_right(verdict, text, size);
}
