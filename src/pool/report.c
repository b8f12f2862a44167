#include "pool/report.h"

#include <math.h>

#include "mpi/call.h"
#include "mpi/wait.h"

void report_collect(const struct team *team, const struct rank_facts *facts,
                    struct pool_report *report) {
  const struct rank_share *share = &facts->share;
  double highest[] = {facts->seconds,
                      facts->busy_max,
                      facts->stopped_at,
                      -facts->found_at,
                      facts->started_at,
                      -facts->started_at,
                      worker_time_sum(&facts->last)};
  team_reduce(team, highest, 7, MPI_MAX);
  double found_at = -highest[3];
  double late = facts->stopped_at - found_at;
  double workers = (double)facts->workers;
  /* By the clock: late is what the clock says too, whoever has the core meanwhile. */
  double elapsed = facts->stopped_at - facts->started_at;
  double speed = elapsed > 0 ? (double)share->items / elapsed : 0;
  const struct worker_time *time = &facts->time;
  double is_last = worker_time_sum(&facts->last) == highest[6];
  const struct worker_time *last = &facts->last;
  double sums[] = {time->busy,
                   (double)share->chunks,
                   late > 0 ? fmin(late, elapsed) * speed : 0,
                   time->waited,
                   workers,
                   time->yielded,
                   time->core,
                   time->looked,
                   is_last,
                   is_last * last->busy,
                   is_last * last->core,
                   is_last * last->waited,
                   is_last * last->yielded,
                   is_last * last->looked};
  team_reduce(team, sums, sizeof sums / sizeof sums[0], MPI_SUM);
  report->seconds = highest[0];
  report->start_skew = highest[4] + highest[5];
  report->busy_max = highest[1];
  report->busy_mean = sums[0] / sums[4];
  report->chunks = (uint64_t)sums[1];
  report->waited_mean = sums[3] / sums[4];
  report->yielded_mean = sums[5] / sums[4];
  report->core_mean = sums[6] / sums[4];
  report->looked_mean = sums[7] / sums[4];
  report->last = (struct worker_time){.busy = sums[9] / sums[8],
                                      .core = sums[10] / sums[8],
                                      .waited = sums[11] / sums[8],
                                      .yielded = sums[12] / sums[8],
                                      .looked = sums[13] / sums[8]};
  report->stopped_early = isfinite(found_at);
  report->stop_seconds = report->stopped_early ? fmax(0, highest[2] - found_at) : 0;
  report->wasted = report->stopped_early ? (uint64_t)sums[2] : 0;
}

void report_align(const struct team *team, struct timeline *timeline, double started_at,
                  double seconds) {
  double first = started_at;
  team_reduce(team, &first, 1, MPI_MIN);
  timeline->seconds = seconds;
  timeline_delay(timeline, started_at - first);
  double longest[] = {timeline->stretch, timeline->seconds};
  team_reduce(team, longest, 2, MPI_MAX);
  timeline_coarsen(timeline, longest[0]);
  timeline_reach(timeline, longest[1]); /* nobody may have worked for long at the end */
  timeline->seconds = longest[1];
}

void report_gather(const struct team *team, const void *mine, size_t size, void *all) {
  MPI_Request request;
  MPI_CALL(
      MPI_Igather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}
