#include "app/measure.h"

#include "app/suite.h"
#include "core/clock.h"

double measure_budget(size_t cases) {
  return suite_seconds / (double)cases;
}

/* Rank 0's clock decides for all. */
static bool another_round_fits(struct trial *trial, double start, double round_start,
                               double seconds) {
  struct team *team = trial->pool.team;
  double now = clock_seconds();
  unsigned char fits = now + (now - round_start) - start <= seconds;
  team_broadcast(team, team->comm, 0, &fits, sizeof fits, WAIT_BRISK);
  return fits != 0;
}

/* Rank 0 compares what it found alone with what all found. After an early exit tallies may differ:
   items were left out. */
static enum status check_same(const struct trial *trial, const struct tally *alone,
                              struct fault *fault) {
  const struct tally *tally = &trial->tally;
  fault->status = STATUS_OK;
  if (trial->pool.team->rank == 0 && alone->limit == UINT64_MAX && tally->limit == UINT64_MAX &&
      !tally_equal(alone, tally)) {
    fault_set(fault, STATUS_FAILED, "%s: %d ranks and one rank alone differ in their results",
              trial->planned->title, trial->pool.team->size);
  }
  return team_agree(trial->pool.team, fault);
}

static enum status measure_round(struct trial *trial, struct tally *alone,
                                 struct pool_report *report, struct timings *timings,
                                 struct fault *fault) {
  if (trial_run_alone(trial, alone, &timings->serial[timings->count], fault) != STATUS_OK ||
      trial_run(trial, report, fault) != STATUS_OK ||
      check_same(trial, alone, fault) != STATUS_OK) {
    return fault->status;
  }
  timings->parallel[timings->count++] = report->seconds;
  return STATUS_OK;
}

enum status measure(struct trial *trial, double seconds, struct pool_report *report,
                    struct timings *timings, struct fault *fault) {
  double start = clock_seconds();
  struct tally alone = {0};
  enum status status = trial_run(trial, report, fault); /* warm-up */
  if (status == STATUS_OK) {
    struct tally_shape none = {0};
    tally_init(&alone, trial->pool.team->rank == 0 ? trial->tally.shape : none, fault);
    status = team_agree(trial->pool.team, fault);
  }
  while (status == STATUS_OK) {
    double round_start = clock_seconds();
    status = measure_round(trial, &alone, report, timings, fault);
    if (status == STATUS_OK && (timings->count == MEASURE_MAX_ROUNDS ||
                                !another_round_fits(trial, start, round_start, seconds))) {
      break;
    }
  }
  tally_free(&alone);
  return status;
}
