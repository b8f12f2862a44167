/* slices_cost WORKLOAD [ARG...]: a job as parbench does it, in slices with looks at the flag and at
   the mail in between, against one call of the kernel for each rank's share, alternated. Prints the
   median of pool seconds / kernel seconds, and the kernel's seconds. */
#include <stdio.h>
#include <stdlib.h>

#include "app/command_line.h"
#include "app/trial.h"
#include "core/clock.h"
#include "core/stats.h"
#include "kernels/isa.h"
#include "mpi/call.h"
#include "mpi/team.h"

enum { ROUNDS = 21 };

/* The slowest rank's seconds. */
static double kernel_alone(struct trial *trial, struct fault *fault) {
  const struct team *team = trial->pool.team;
  const struct workload *workload = trial->planned->subject.workload;
  uint64_t grain = workload->grain == NULL ? 1 : workload->grain(&trial->job);
  struct range share =
      range_share(workload->items(&trial->job), grain, (uint64_t)team->rank, (uint64_t)team->size);
  tally_clear(&trial->tally);
  MPI_CALL(MPI_Barrier(team->comm));
  double start = clock_seconds();
  workload->run(&trial->job, share, &trial->tally, fault);
  double seconds = clock_seconds() - start;
  MPI_CALL(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, team->comm));
  return seconds;
}

static enum status measure(struct trial *trial, struct fault *fault) {
  double ratios[ROUNDS];
  double alone[ROUNDS];
  struct pool_report report;
  enum status status = STATUS_OK;
  fault->status = STATUS_OK;
  kernel_alone(trial, fault); /* warm-up */
  for (int i = 0; i < ROUNDS && status == STATUS_OK; i++) {
    alone[i] = kernel_alone(trial, fault);
    status = trial_run(trial, &report, fault);
    ratios[i] = report.seconds / alone[i];
  }
  if (status == STATUS_OK && trial->pool.team->rank == 0) {
    printf("%.5f %.4f\n", stats_of(ratios, ROUNDS).median, stats_of(alone, ROUNDS).median);
  }
  return status;
}

int main(int argc, char **argv) {
  struct plan plan;
  struct team team;
  struct trial trial;
  struct fault fault = {.status = STATUS_OK};
  if (command_line_parse(argc, argv, &plan, &fault) == STATUS_OK && plan.count == 1 &&
      isa_choose(&fault) == STATUS_OK && team_open(&team, &fault) == STATUS_OK) {
    if (trial_open(&trial, &team, plan.cases, &plan.common, &fault) == STATUS_OK) {
      measure(&trial, &fault);
      trial_close(&trial);
    }
    team_close(&team);
  } else if (fault.status == STATUS_OK) {
    fault_set(&fault, STATUS_USAGE, "usage: slices_cost WORKLOAD [ARG...]");
  }
  plan_free(&plan);
  if (fault.status != STATUS_OK) {
    fprintf(stderr, "slices_cost: %s\n", fault.text);
  }
  return (int)fault.status;
}
