/* Between nodes a rank hears nothing in seven of eight calls of MPI, so whoever looks for news
   there calls it eight times: between slices of work, between pauses of a wait, and where flags are
   timed. On a single node nobody pays for that. Counted by taking the place of MPI's own functions.
 */
#include "mpi/pool_probe.h"

#include <math.h>
#include <pthread.h>

#include "kernels/burn.h"
#include "pool/crew_parts.h"
#include "probes/flag_trial.h"

enum { CALLS_OF_A_LOOK = 8 };

/* Since they were last forgotten. */
static struct calls {
  unsigned progress; /* in which MPI looks for messages */
  unsigned extra;    /* of these, for messages that nobody sends */
} calls;

/* MPI is for the main thread alone (MPI_THREAD_FUNNELED). */
static pthread_t main_thread;
static atomic_uint calls_of_others;

static void note_thread(void) {
  calls_of_others += !pthread_equal(pthread_self(), main_thread);
}

static void forget_calls(void) {
  calls = (struct calls){0};
}

int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *found, MPI_Status *status) {
  note_thread();
  calls.progress++;
  calls.extra += comm == MPI_COMM_SELF;
  return PMPI_Iprobe(source, tag, comm, found, status);
}

int MPI_Test(MPI_Request *request, int *done, MPI_Status *status) {
  note_thread();
  calls.progress++;
  return PMPI_Test(request, done, status);
}

int MPI_Testall(int count, MPI_Request *requests, int *done, MPI_Status *statuses) {
  note_thread();
  calls.progress++;
  return PMPI_Testall(count, requests, done, statuses);
}

/* What was called before the polls of interest. */
static struct {
  unsigned long polls;
  unsigned least, most_extra;
} seen;

static void note_poll(const struct calls *before) {
  seen.polls++;
  seen.least = before->progress < seen.least ? before->progress : seen.least;
  seen.most_extra = before->extra > seen.most_extra ? before->extra : seen.most_extra;
}

static void begin(void) {
  memset(&seen, 0, sizeof seen);
  seen.least = UINT32_MAX;
}

/* Collective. Each poll of interest, of which there was one at least, came after a whole look; on a
   single node after none. */
static void check_polls(void) {
  double polls = (double)seen.polls;
  team_reduce(&test_team, &polls, 1, MPI_SUM);
  assert_on_all_ranks(polls > 0);
  assert_on_all_ranks(job_team.nodes > 1 ? seen.least >= CALLS_OF_A_LOOK : seen.most_extra == 0);
}

/* The flag "server", and a look at what has been called when it is polled. */
static void (*at_poll)(void);

static enum status watched_open(struct team *team, const struct flag_settings *settings,
                                void **flag, struct fault *fault) {
  return server_flag.open(team, settings, flag, fault);
}

static void watched_lower(void *flag, uint64_t limit) {
  server_flag.lower(flag, limit);
}

static uint64_t watched_poll(void *flag) {
  at_poll();
  uint64_t limit = server_flag.poll(flag);
  forget_calls();
  return limit;
}

static void watched_close(void *flag, struct fault *fault) {
  server_flag.close(flag, fault);
}

static const struct flag_kind watched_flag = {.name = "watched",
                                              .open = watched_open,
                                              .lower = watched_lower,
                                              .poll = watched_poll,
                                              .close = watched_close};

static void a_look_is_eight_calls(void **state) {
  (void)state;
  const struct team several = {.nodes = 2};
  const struct team one = {.nodes = 1};
  forget_calls();
  wait_look_outside(&several);
  assert_on_all_ranks(calls.progress >= CALLS_OF_A_LOOK);
  forget_calls();
  wait_look_outside(&one);
  assert_on_all_ranks(calls.progress == 0);
}

/* Every pause that is slept, by a rank that waits for others on other nodes. */
static bool sleeps_and_looks(const struct team *team, bool looks) {
  enum { PAUSES = 30, YIELDS = 4 };
  struct waiter waiter;
  bool right = true;
  waiter_start(&waiter, team, WAIT_BRISK);
  waiter.spins = 0;
  for (int i = 0; i < PAUSES; i++) {
    forget_calls();
    waiter_pause(&waiter);
    bool slept = i >= YIELDS;
    right = right && (looks && slept ? calls.progress >= CALLS_OF_A_LOOK : calls.progress == 0);
  }
  return right;
}

static void a_waiting_rank_looks_after_each_sleep(void **state) {
  (void)state;
  const struct team several = {.nodes = 2};
  const struct team one = {.nodes = 1};
  assert_on_all_ranks(sleeps_and_looks(&several, true));
  assert_on_all_ranks(sleeps_and_looks(&one, false));
}

/* The first poll after work, when more work follows: after its last a rank waits for the others. */
static enum { IDLE, AT_WORK, POLLED } stage;
static struct calls after_work;

static void note_work(struct range range) {
  (void)range;
  if (stage == POLLED) {
    note_poll(&after_work);
  }
  stage = AT_WORK;
  forget_calls();
}

static void poll_after_work(void) {
  if (stage == AT_WORK) {
    stage = POLLED;
    after_work = calls;
  }
}

static void work_by_slices(void) {
  probe = plain;
  probe.items = 20 * (uint64_t)test_team.size;
  probe.item_seconds = 1e-3; /* a slice each */
  probe.before = note_work;
  at_poll = poll_after_work;
  stage = IDLE;
  way = &typical_ways[2];
  begin();
  struct pool pool = make_pool(dispatcher_find("node"));
  pool.flag_kind = &watched_flag;
  struct outcome_of_run run = run_by(&pool);
  assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, probe.items));
  tally_free(&run.tally);
  check_polls();
}

/* A crew's main thread looks for all of its threads. */
static void each_poll(void) {
  note_poll(&calls);
}

static void exchange_news(void) {
  struct crew crew = {.plan = {.team = &job_team, .flag_kind = &watched_flag},
                      .limit = UINT64_MAX,
                      .told = UINT64_MAX};
  struct fault fault = {.status = STATUS_OK};
  const struct flag_settings settings = {0};
  at_poll = each_poll;
  begin();
  assert_on_all_ranks(watched_flag.open(&job_team, &settings, &crew.plan.flag, &fault) ==
                      STATUS_OK);
  forget_calls();
  crew_exchange_news(&crew);
  crew_exchange_news(&crew);
  watched_flag.close(crew.plan.flag, &fault);
  check_polls();
}

/* A poll at an interval's end, unlike those of a wait or those that are timed. In place of
   kernels/burn.c: an interval is over as soon as it has begun. */
static bool interval_is_over;

void burn_until(double deadline) {
  (void)deadline;
  interval_is_over = true;
  forget_calls();
}

static void poll_after_interval(void) {
  if (interval_is_over) {
    interval_is_over = false;
    note_poll(&calls);
  }
}

static void time_flags(void) {
  const struct flag_conditions conditions = {
      .team = &job_team, .interval = 5e-3, .repeats = 3, .seed = 1, .patience = 20};
  struct flag_trial trial;
  struct fault fault = {.status = STATUS_OK};
  at_poll = poll_after_interval;
  begin();
  assert_on_all_ranks(flag_trial_run(&watched_flag, &conditions, &trial, &fault) == STATUS_OK);
  flag_trial_free(&trial);
  check_polls();
}

/* Threads that have nothing to do wait, between nodes too, and do not look. */
static void threads_wait(void) {
  enum { THREADS = 3 };
  probe = plain;
  probe.items = (uint64_t)test_team.size; /* fewer than threads */
  probe.item_seconds = 20e-3;
  way = &typical_ways[2];
  calls_of_others = 0;
  struct pool pool = make_pool(dispatcher_find("node"));
  pool.threads = THREADS;
  struct outcome_of_run run = run_by(&pool);
  assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, probe.items));
  tally_free(&run.tally);
  assert_on_all_ranks(calls_of_others == 0);
}

static void on_one_node_and_on_several(void (*check)(void)) {
  check();
  pretend_nodes(2);
  check();
  end_pretending();
  pretend_nodes(1);
  check();
  end_pretending();
}

static void a_working_rank_looks_after_each_slice(void **state) {
  (void)state;
  on_one_node_and_on_several(work_by_slices);
}

static void a_crew_looks_for_news(void **state) {
  (void)state;
  on_one_node_and_on_several(exchange_news);
}

static void timed_flags_are_looked_for_as_jobs_do(void **state) {
  (void)state;
  on_one_node_and_on_several(time_flags);
}

static void only_the_main_thread_calls_mpi(void **state) {
  (void)state;
  on_one_node_and_on_several(threads_wait);
}

int main(void) {
  main_thread = pthread_self();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_look_is_eight_calls),
      cmocka_unit_test(a_waiting_rank_looks_after_each_sleep),
      cmocka_unit_test(a_working_rank_looks_after_each_slice),
      cmocka_unit_test(a_crew_looks_for_news),
      cmocka_unit_test(only_the_main_thread_calls_mpi),
      cmocka_unit_test(timed_flags_are_looked_for_as_jobs_do),
  };
  RUN_ON_ALL_RANKS(tests);
}
