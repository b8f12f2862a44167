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

enum status measure(struct trial *trial, double seconds, struct pool_report *report,
                    struct timings *timings, struct fault *fault) {
  double start = clock_seconds();
  double round_start;
  if (trial_run(trial, report, fault) != STATUS_OK) { /* warm-up */
    return fault->status;
  }
  do {
    round_start = clock_seconds();
    if (trial_run_alone(trial, &timings->serial[timings->count], fault) != STATUS_OK ||
        trial_run(trial, report, fault) != STATUS_OK) {
      return fault->status;
    }
    timings->parallel[timings->count++] = report->seconds;
  } while (timings->count < MEASURE_MAX_ROUNDS &&
           another_round_fits(trial, start, round_start, seconds));
  return STATUS_OK;
}
