#include "pool/pool.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "core/clock.h"
#include "mpi/call.h"
#include "mpi/wait.h"
#include "pool/crew.h"
#include "pool/reduce.h"
#include "pool/route.h"
#include "pool/slices.h"

static uint64_t grain_of(const struct workload *workload, const struct job *job) {
  return workload->grain == NULL ? 1 : workload->grain(job);
}

static struct worker make_worker(const struct workload *workload, const struct job *job,
                                 const struct flag_kind *flag_kind, void *flag,
                                 struct tally *tally) {
  uint64_t grain = grain_of(workload, job);
  uint64_t polls = job->poll / grain + (job->poll % grain != 0);
  return (struct worker){
      .workload = workload,
      .job = job,
      .flag_kind = flag_kind,
      .flag = flag,
      .tally = tally,
      .grain = grain,
      .shortest = workload->shortest_call == NULL ? grain : workload->shortest_call(job),
      .slice = grain,
      .poll = polls * grain,
      .unpolled = polls * grain,
      .limit = UINT64_MAX,
      .told = UINT64_MAX,
  };
}

/* Everything this rank is handed, until nothing is left or needed. */
static enum status work(const struct dispatcher *dispatcher, struct worker *worker,
                        const struct route *route, struct fault *fault) {
  enum status status = STATUS_OK;
  struct range positions;
  double waited = 0;
  worker_start_slice(worker);
  while (status == STATUS_OK &&
         dispatcher->next(worker->source, worker_unit_seconds(worker), &positions, &waited)) {
    if (waited > 0) {
      worker_waited(worker, waited);
      waited = 0;
    }
    worker->chunks++;
    while (status == STATUS_OK && range_length(positions) > 0) {
      status = worker_do_range(worker, route_take(route, &positions), fault);
    }
    if (route_is_over(route, positions.hi, worker->limit)) {
      break;
    }
  }
  if (waited > 0) { /* to hear that there is no more */
    worker_waited(worker, waited);
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
  watch_look(worker->watch, UINT64_MAX);
}

/* Ranks leave a barrier as unevenly as the pauses of those who waited for the last one. In the next
   one they wait no longer than that, so their pauses are shorter: 1,024 simulated ranks leave the
   second one within 9 ms, and the fourth within 0.2 ms. Where ranks outnumber cores it is the turn
   they get on a core that counts, and more barriers do not help. */
static void start_together(const struct team *team) {
  int further = team->oversubscribed ? 1 : 3;
  team_barrier(team, team->comm, WAIT_PATIENT);
  for (int i = 0; i < further; i++) {
    team_barrier(team, team->comm, WAIT_BRISK);
  }
}

/* Exactly once: without an early exit, the items that the ranks did are all of them, by their
   number and by the sum of their numbers. */
static enum status check_items(const struct team *team, const struct labour *labour, uint64_t items,
                               bool stopped_early, struct pool_report *report,
                               struct fault *fault) {
  uint64_t done[2] = {labour->items, labour->item_sum};
  MPI_Request request;
  MPI_CALL(MPI_Iallreduce(MPI_IN_PLACE, done, 2, MPI_UINT64_T, MPI_SUM, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
  report->items = done[0];
  if (stopped_early) {
    return STATUS_OK;
  }
  if (done[0] != items) {
    return fault_set(fault, STATUS_FAILED,
                     "work was lost or done twice: %" PRIu64 " items done of %" PRIu64, done[0],
                     items);
  }
  return done[1] == worker_sum_of_range((struct range){0, items})
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED,
                         "work was lost and other work done twice: %" PRIu64
                         " items done, but not those",
                         items);
}

/* With several threads, those beside this one, which then wait. */
static enum status gather_crew(const struct pool *pool, const struct worker *worker,
                               const struct route *route, struct crew **crew, struct fault *fault) {
  const struct crew_plan plan = {.team = pool->team,
                                 .dispatcher = pool->dispatcher,
                                 .source = worker->source,
                                 .route = route,
                                 .flag_kind = worker->flag_kind,
                                 .flag = worker->flag,
                                 .watch = pool->watch,
                                 .model = worker,
                                 .threads = pool->threads};
  fault->status = STATUS_OK;
  *crew = pool->threads > 1 ? crew_open(&plan, fault) : NULL;
  return team_agree(pool->team, fault);
}

/* This rank's part, into worker->tally. */
static enum status do_part(const struct pool *pool, struct worker *worker,
                           const struct route *route, struct crew *crew, struct labour *labour,
                           struct fault *fault) {
  enum status status;
  if (crew != NULL) {
    status = crew_work(crew, fault);
    crew_add_up(crew, worker->tally, labour);
  } else {
    status = work(pool->dispatcher, worker, route, fault);
    labour_add(labour, worker, worker->tally->limit);
    labour->ended = clock_seconds();
  }
  return status;
}

enum status pool_run(const struct pool *pool, const struct workload *workload,
                     const struct job *job, struct tally *tally, struct pool_report *report,
                     struct fault *fault) {
  struct team *team = pool->team;
  void *flag = NULL;
  *report = (struct pool_report){0};
  fault->status = STATUS_OK;
  tally_clear(tally);
  if (pool->flag_kind->open(team, &pool->flag_settings, &flag, fault) != STATUS_OK) {
    return fault->status;
  }
  struct worker worker = make_worker(workload, job, pool->flag_kind, flag, tally);
  uint64_t items = workload->items(job);
  uint64_t threads = pool->threads > 1 ? (uint64_t)pool->threads : 1;
  struct timeline timeline = {0};
  worker.team = team;
  worker.calls_mpi = threads == 1;
  worker.timeline = pool->keeps_timelines ? &timeline : NULL;
  const struct hand_out hand_out = {.items = items,
                                    .grain = worker.grain,
                                    .schedule = pool->schedule,
                                    .chunk = pool->chunk,
                                    .threads = threads,
                                    .front_loaded = pool->order->needs_cost};
  struct route route;
  struct crew *crew;
  struct reduction reduction = {.window = MPI_WIN_NULL};
  route_open(&route, pool->order, workload, job, &hand_out, team->node_size, fault);
  if (team_agree(team, fault) != STATUS_OK ||
      reduction_open(&reduction, team, tally->shape, fault) != STATUS_OK ||
      pool->dispatcher->open(team, &hand_out, &worker.source, fault) != STATUS_OK) {
    reduction_close(&reduction);
    route_close(&route);
    pool->flag_kind->close(flag, fault);
    return fault->status;
  }
  worker.serve = pool->dispatcher->serve;
  if (pool->watch != NULL) {
    pool->watch->dispatcher = pool->dispatcher;
    pool->watch->source = worker.source;
    pool->watch->items = items;
    pool->watch->grain = worker.grain;
    pool->watch->workers = hand_out_workers(&hand_out, team->size);
    worker.watch = threads == 1 ? pool->watch : NULL; /* a crew's main thread looks by itself */
  }
  if (gather_crew(pool, &worker, &route, &crew, fault) != STATUS_OK) {
    crew_close(crew);
    pool->dispatcher->close(worker.source);
    reduction_close(&reduction);
    route_close(&route);
    pool->flag_kind->close(flag, fault);
    return fault->status;
  }

  /* The timed region: synchronise, start, work, add up, stop. */
  start_together(team);
  double start = clock_seconds();
  struct fault own = {.status = STATUS_OK};
  timeline_begin(&timeline, start);
  struct labour labour = {.timeline = timeline};
  do_part(pool, &worker, &route, crew, &labour, &own);
  uint64_t own_limit = tally->limit;
  worker.watch = pool->watch;
  reduction_run(&reduction, tally, pass_on, &worker);
  double end = clock_seconds();

  crew_close(crew);
  pool->dispatcher->close(worker.source);
  pool->flag_kind->close(flag, &own);
  route_close(&route);
  reduction_close(&reduction);
  *fault = own;
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  bool decided_here = tally->limit != UINT64_MAX && own_limit == tally->limit;
  struct rank_facts facts = {
      .seconds = end - start,
      .found_at = decided_here ? labour.lowered_at + team->clock_offset : INFINITY,
      .started_at = start + team->clock_offset,
      .stopped_at = labour.ended + team->clock_offset,
      .busy_max = labour.busy_max,
      .workers = threads,
      .time = labour.time,
      .last = labour.last,
      .share = {.busy = labour.time.busy,
                .waited = labour.time.waited,
                .core = labour.time.core,
                .chunks = labour.chunks,
                .items = labour.items},
  };
  snprintf(facts.share.host, sizeof facts.share.host, "%.63s", team->host);
  report_collect(team, &facts, report);
  if (pool->tells_shares) {
    report_gather(team, &facts.share, sizeof facts.share, pool->shares);
  }
  if (pool->keeps_timelines) {
    report_align(team, &labour.timeline, facts.started_at, facts.seconds);
    report_gather(team, &labour.timeline, sizeof labour.timeline, pool->timelines);
  }
  return check_items(team, &labour, items, tally->limit != UINT64_MAX, report, fault);
}

enum status pool_run_alone(const struct workload *workload, const struct job *job,
                           struct tally *tally, struct pool_alone *alone, struct fault *fault) {
  void *flag = NULL;
  tally_clear(tally);
  const struct flag_settings no_settings = {0};
  if (none_flag.open(NULL, &no_settings, &flag, fault) != STATUS_OK) {
    return fault->status;
  }
  struct worker worker = make_worker(workload, job, &none_flag, flag, tally);
  worker.poll = 0;
  double start = clock_seconds();
  worker_start_slice(&worker);
  enum status status = worker_do_range(&worker, (struct range){0, workload->items(job)}, fault);
  worker_end_slice(&worker);
  *alone = (struct pool_alone){.seconds = clock_seconds() - start,
                               .core_seconds = worker.time.core + worker.time.looked,
                               .items = worker.items};
  none_flag.close(flag, fault);
  return status;
}

void pool_alone_mean(const struct team *team, const struct pool_alone *mine,
                     struct pool_alone *mean) {
  double sums[] = {1 / mine->seconds, mine->core_seconds, (double)mine->items};
  team_reduce(team, sums, sizeof sums / sizeof sums[0], MPI_SUM);
  *mean = (struct pool_alone){.seconds = team->size / sums[0],
                              .core_seconds = sums[1] / team->size,
                              .items = (uint64_t)sums[2]};
}

enum status pool_run_at_once(const struct team *team, const struct workload *workload,
                             const struct job *job, struct tally *tally, struct pool_alone *mean,
                             struct fault *fault) {
  struct pool_alone mine = {0};
  start_together(team);
  enum status status = pool_run_alone(workload, job, tally, &mine, fault);
  pool_alone_mean(team, &mine, mean);
  return status;
}
