/* slices_cost WORKLOAD [ARG...]: a job as parbench does it, in slices with looks at the flag and at
   the mail in between, against one call of the kernel for each rank's share, alternated. By
   processor time of all ranks, which others on the machine change least. Prints the median of the
   pool's seconds over the kernel's, and the kernel's. */
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

static double over_all_ranks(const struct team *team, double seconds) {
  MPI_CALL(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_SUM, team->comm));
  return seconds;
}

static double kernel_alone(struct trial *trial, struct fault *fault) {
  const struct team *team = trial->pool.team;
  const struct workload *workload = trial->planned->subject.workload;
  uint64_t grain = workload->grain == NULL ? 1 : workload->grain(&trial->job);
  struct range share =
      range_share(workload->items(&trial->job), grain, (uint64_t)team->rank, (uint64_t)team->size);
  tally_clear(&trial->tally);
  double start = clock_thread_seconds();
  workload->run(&trial->job, share, &trial->tally, fault);
  return over_all_ranks(team, clock_thread_seconds() - start);
}

static double in_the_pool(struct trial *trial, struct fault *fault) {
  struct pool_report report;
  double start = clock_thread_seconds();
  trial_run(trial, &report, fault);
  return over_all_ranks(trial->pool.team, clock_thread_seconds() - start);
}

static enum status measure(struct trial *trial, struct fault *fault) {
  double ratios[ROUNDS];
  double alone[ROUNDS];
  fault->status = STATUS_OK;
  kernel_alone(trial, fault); /* warm-up */
  for (int i = 0; i < ROUNDS && fault->status == STATUS_OK; i++) {
    alone[i] = kernel_alone(trial, fault);
    ratios[i] = in_the_pool(trial, fault) / alone[i];
  }
  if (fault->status == STATUS_OK && trial->pool.team->rank == 0) {
    printf("%.5f %.4f\n", stats_of(ratios, ROUNDS).median, stats_of(alone, ROUNDS).median);
  }
  return fault->status;
}

int main(int argc, char **argv) {
  struct plan plan;
  struct team team;
  struct trial trial;
  struct fault fault = {.status = STATUS_OK};
  if (command_line_parse(argc, argv, &plan, &fault) == STATUS_OK && plan.count == 1 &&
      isa_choose(&fault) == STATUS_OK && team_open(&team, &fault) == STATUS_OK) {
    if (trial_open(&trial, &team, plan.cases, 1, &fault) == STATUS_OK) {
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
