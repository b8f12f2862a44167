#include "pool/pool.h"

#include <inttypes.h>
#include <math.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/reduce.h"
#include "pool/slices.h"

static uint64_t grain_of(const struct workload *workload, const struct job *job) {
  return workload->grain == NULL ? 1 : workload->grain(job);
}

static struct worker make_worker(const struct workload *workload, const struct job *job,
                                 const struct flag_kind *flag_kind, void *flag,
                                 struct tally *tally) {
  uint64_t grain = grain_of(workload, job);
  return (struct worker){
      .workload = workload,
      .job = job,
      .flag_kind = flag_kind,
      .flag = flag,
      .tally = tally,
      .grain = grain,
      .shortest = workload->shortest_call == NULL ? grain : workload->shortest_call(job),
      .slice = grain,
      .limit = UINT64_MAX,
      .told = UINT64_MAX,
  };
}

/* Everything this rank is handed, until nothing is left or needed. Ranges come in ascending order,
   so that the first one above the limit ends it. */
static enum status work(const struct dispatcher *dispatcher, struct worker *worker,
                        struct fault *fault) {
  enum status status = STATUS_OK;
  struct range chunk;
  double waited = 0;
  worker_start_slice(worker);
  while (status == STATUS_OK &&
         dispatcher->next(worker->source, worker->item_seconds * (double)worker->grain, &chunk,
                          &waited)) {
    if (waited > 0) {
      worker->start += waited; /* waiting is no work */
      worker->waited += waited;
      waited = 0;
    }
    status = worker_do_chunk(worker, chunk, fault);
    if (worker->limit <= chunk.lo) {
      break;
    }
  }
  worker_end_slice(worker);
  if (dispatcher->finish != NULL) {
    dispatcher->finish(worker->source);
  }
  return status;
}

/* While this rank waits for the others' results. */
static void pass_on(void *data) {
  const struct worker *worker = data;
  worker->flag_kind->poll(worker->flag);
  if (worker->serve != NULL) {
    worker->serve(worker->source);
  }
}

static void all_reduce(const struct team *team, double *values, int count, MPI_Op op) {
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, op, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

/* Collect the ranks' facts. found_at: when this rank made the deciding find, INFINITY if it did
   not; stopped_at: when it stopped; both on rank 0's clock. */
static void fill_report(const struct team *team, const struct worker *worker, double seconds,
                        double found_at, double stopped_at, struct pool_report *report) {
  double highest[] = {seconds, worker->busy, stopped_at, -found_at};
  all_reduce(team, highest, 4, MPI_MAX);
  found_at = -highest[3];
  double late = stopped_at - found_at;
  double speed = worker->busy > 0 ? (double)worker->items / worker->busy : 0;
  double sums[] = {worker->busy, (double)worker->chunks, late > 0 ? late * speed : 0,
                   worker->waited};
  all_reduce(team, sums, 4, MPI_SUM);
  report->seconds = highest[0];
  report->busy_max = highest[1];
  report->busy_mean = sums[0] / team->size;
  report->chunks = (uint64_t)sums[1];
  report->waited_mean = sums[3] / team->size;
  report->stopped_early = isfinite(found_at);
  report->stop_seconds = fmax(0, highest[2] - found_at);
  report->wasted = (uint64_t)sums[2];
  if (!report->stopped_early) {
    report->stop_seconds = 0;
    report->wasted = 0;
  }
}

/* Exactly once: without an early exit, the ranks' items add up to all of them. */
static enum status check_items(const struct team *team, const struct worker *worker, uint64_t items,
                               bool stopped_early, struct pool_report *report,
                               struct fault *fault) {
  uint64_t done = worker->items;
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, &done, 1, MPI_UINT64_T, MPI_SUM, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  report->items = done;
  if (!stopped_early && done != items) {
    return fault_set(fault, STATUS_FAILED,
                     "work was lost or done twice: %" PRIu64 " items done of %" PRIu64, done,
                     items);
  }
  return STATUS_OK;
}

enum status pool_run(const struct pool *pool, const struct workload *workload,
                     const struct job *job, struct tally *tally, struct pool_report *report,
                     struct fault *fault) {
  struct team *team = pool->team;
  void *flag = NULL;
  *report = (struct pool_report){0};
  fault->status = STATUS_OK;
  tally_clear(tally);
  pool->flag_kind->open(team, &flag, fault);
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  struct worker worker = make_worker(workload, job, pool->flag_kind, flag, tally);
  uint64_t items = workload->items(job);
  const struct hand_out hand_out = {
      .items = items, .grain = worker.grain, .schedule = pool->schedule, .chunk = pool->chunk};
  if (pool->dispatcher->open(team, &hand_out, &worker.source, fault) != STATUS_OK) {
    pool->flag_kind->close(flag);
    return fault->status;
  }
  worker.serve = pool->dispatcher->serve;

  /* The timed region: synchronise, start, work, add up, stop. */
  team_barrier(team, team->comm, WAIT_PATIENT);
  team_barrier(team, team->comm, WAIT_BRISK);
  double start = clock_seconds();
  struct fault own = {.status = STATUS_OK};
  work(pool->dispatcher, &worker, &own);
  double stopped = clock_seconds();
  uint64_t own_limit = tally->limit;
  reduce_tally(team, tally, pass_on, &worker);
  double end = clock_seconds();

  pool->dispatcher->close(worker.source);
  pool->flag_kind->close(flag);
  *fault = own;
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  bool decided_here = tally->limit != UINT64_MAX && own_limit == tally->limit;
  fill_report(team, &worker, end - start,
              decided_here ? worker.lowered_at + team->clock_offset : INFINITY,
              stopped + team->clock_offset, report);
  return check_items(team, &worker, items, tally->limit != UINT64_MAX, report, fault);
}

enum status pool_run_alone(const struct workload *workload, const struct job *job,
                           struct tally *tally, double *seconds, struct fault *fault) {
  void *flag = NULL;
  tally_clear(tally);
  if (none_flag.open(NULL, &flag, fault) != STATUS_OK) {
    return fault->status;
  }
  struct worker worker = make_worker(workload, job, &none_flag, flag, tally);
  double start = clock_seconds();
  worker_start_slice(&worker);
  enum status status = worker_do_chunk(&worker, (struct range){0, workload->items(job)}, fault);
  worker_end_slice(&worker);
  *seconds = clock_seconds() - start;
  none_flag.close(flag);
  return status;
}
