/* Slices last about half a millisecond by measured speed, whoever hands out the work and however.
   Time here passes only while the workload works, at a speed that the test sets, so that what is
   measured is exact on a busy machine too. */
#include "mpi/pool_probe.h"

#include <math.h>

#include "core/clock.h"
#include "pool/slices.h"

/* In place of core/clock.c. */
static double now = 1;
static double core_now = 50, core_rate = 1; /* of the thread; how much of the core the work has */
static double look_seconds, look_core_time; /* that a look takes */

double clock_seconds(void) {
  return now;
}

double clock_thread_seconds(void) {
  return core_now;
}

static double item_seconds;
static double tardy_core;  /* of each wait for work */
static uint64_t slow_from; /* items from here on take ten times as long */
static bool worked_since_look;
static double longest_call;

static void take_time(struct range range) {
  double start = now;
  uint64_t slow =
      range.hi > slow_from ? range.hi - (range.lo > slow_from ? range.lo : slow_from) : 0;
  now += item_seconds * (double)(range_length(range) - slow + 10 * slow);
  core_now += (now - start) * core_rate;
  longest_call = now - start > longest_call ? now - start : longest_call;
  worked_since_look = true;
}

/* A flag that is never raised, and counts the looks at it: one a slice. (A rank that waits for the
   others looks too, and does not work meanwhile.) */
static uint64_t looks;

static enum status counting_open(struct team *team, const struct flag_settings *settings,
                                 void **flag, struct fault *fault) {
  (void)team, (void)settings, (void)fault;
  looks = 0;
  *flag = &looks;
  return STATUS_OK;
}

static void counting_lower(void *flag, uint64_t limit) {
  (void)flag, (void)limit;
}

static uint64_t counting_poll(void *flag) {
  *(uint64_t *)flag += worked_since_look;
  worked_since_look = false;
  now += look_seconds;
  core_now += look_core_time;
  return UINT64_MAX;
}

static void counting_close(void *flag, struct fault *fault) {
  (void)flag, (void)fault;
}

static const struct flag_kind counting_flag = {.name = "counting",
                                               .open = counting_open,
                                               .lower = counting_lower,
                                               .poll = counting_poll,
                                               .close = counting_close};

static uint64_t served;

static void count_serving(void *source) {
  (void)source;
  served++;
}

static struct worker make_worker(const struct job *job, struct tally *tally, uint64_t grain,
                                 uint64_t shortest) {
  return (struct worker){.workload = &probe_workload,
                         .job = job,
                         .flag_kind = &counting_flag,
                         .flag = &looks,
                         .serve = count_serving,
                         .tally = tally,
                         .grain = grain,
                         .shortest = shortest,
                         .slice = grain,
                         .limit = UINT64_MAX,
                         .told = UINT64_MAX};
}

static void begin(uint64_t items, uint64_t grain, double seconds) {
  probe = plain;
  probe.items = items;
  probe.grain = grain;
  probe.before = take_time;
  item_seconds = seconds;
  slow_from = UINT64_MAX;
  longest_call = 0;
  looks = 0;
  served = 0;
  core_rate = 1;
  look_seconds = 0;
  look_core_time = 0;
  tardy_core = 0;
}

/* Slices while the worker does `chunks` chunks of `length` items from item `from` on. */
static uint64_t slices_of(struct worker *worker, uint64_t from, uint64_t chunks, uint64_t length) {
  uint64_t before = looks;
  struct fault fault;
  for (uint64_t i = 0; i < chunks; i++) {
    struct range chunk = {from + i * length, from + (i + 1) * length};
    assert_int_equal(worker_do_range(worker, chunk, &fault), STATUS_OK);
  }
  return looks - before;
}

/* 1 us an item: slices of 500, after the first few, whether a chunk holds many slices or a slice
   many chunks; and soon of 50 when items turn ten times as long. */
static void half_a_millisecond(void **state) {
  ON_ONE_RANK(state);
  static const uint64_t lengths[] = {1, 7, 499, 500, 501, 3000, 100000, 1000000};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    struct job job = {.parameters = &probe};
    struct tally tally;
    struct fault fault;
    begin(UINT64_MAX, 1, 1e-6);
    assert_int_equal(tally_init(&tally, probe_shape(&job), &fault), STATUS_OK);
    struct worker worker = make_worker(&job, &tally, 1, 1);
    worker_start_slice(&worker);
    slices_of(&worker, 0, 100000 / lengths[i] + 1, lengths[i]);
    uint64_t chunks = 1000000 / lengths[i];
    uint64_t slices = slices_of(&worker, 0, chunks, lengths[i]);
    uint64_t expected = chunks * lengths[i] / 500;
    /* A rest of half a slice is taken along, and a chunk's end ends a call. */
    assert_in_range(slices, expected * 2 / 3, expected * 21 / 20);
    assert_true(served >= slices); /* others are answered between slices */
    assert_true(worker.time.busy > 0.99 * 1e-6 * (double)tally.sums[0]);
    slow_from = 0;
    slices_of(&worker, 0, 100000 / lengths[i] + 1, lengths[i]);
    slices = slices_of(&worker, 0, chunks, lengths[i]);
    assert_in_range(slices, expected * 10 * 2 / 3, expected * 10 * 21 / 20);
    tally_free(&tally);
  }
}

/* Grains are never cut, and calls not below the shortest efficient one. */
static uint64_t shortest_seen;
static bool cuts_at_grains;

static void watch_calls(struct range range) {
  uint64_t length = range_length(range);
  shortest_seen = length < shortest_seen ? length : shortest_seen;
  cuts_at_grains = cuts_at_grains && range.lo % 64 == 0;
  take_time(range);
}

static void no_call_is_too_short(void **state) {
  ON_ONE_RANK(state);
  struct job job = {.parameters = &probe};
  struct tally tally;
  struct fault fault;
  begin(UINT64_MAX, 64, 1e-5); /* a slice would be 50 items */
  probe.before = watch_calls;
  shortest_seen = UINT64_MAX;
  cuts_at_grains = true;
  assert_int_equal(tally_init(&tally, probe_shape(&job), &fault), STATUS_OK);
  struct worker worker = make_worker(&job, &tally, 64, 640);
  worker_start_slice(&worker);
  uint64_t slices = slices_of(&worker, 0, 10, 6400);
  assert_int_equal(shortest_seen, 640);
  assert_true(cuts_at_grains);
  assert_in_range(slices, 99, 100); /* a call each, though longer than a slice */
  assert_true(fabs(worker.item_seconds / 1e-5 - 1) < 1e-6);
  assert_int_equal(worker.items, 64000);
  assert_int_equal(tally.sums[0], 64000);
  tally_free(&tally);
}

/* What a rank found itself it heeds at once, not when its slice is over. */
static uint64_t lowered;

static enum status lowering_open(struct team *team, const struct flag_settings *settings,
                                 void **flag, struct fault *fault) {
  (void)team, (void)settings, (void)fault;
  *flag = &lowered;
  return STATUS_OK;
}

static void lowering_lower(void *flag, uint64_t limit) {
  *(uint64_t *)flag = limit;
}

static uint64_t lowering_poll(void *flag) {
  return *(uint64_t *)flag;
}

static const struct flag_kind lowering_flag = {.name = "lowering",
                                               .open = lowering_open,
                                               .lower = lowering_lower,
                                               .poll = lowering_poll,
                                               .close = counting_close};

static void a_find_is_heeded_at_once(void **state) {
  ON_ONE_RANK(state);
  struct job job = {.parameters = &probe};
  struct tally tally;
  struct fault fault;
  begin(UINT64_MAX, 1, 1e-6);
  lowered = UINT64_MAX;
  probe.find_at = 2003;
  assert_int_equal(tally_init(&tally, probe_shape(&job), &fault), STATUS_OK);
  struct worker worker = make_worker(&job, &tally, 1, 1);
  worker.flag_kind = &lowering_flag;
  worker.flag = &lowered;
  worker_start_slice(&worker);
  slices_of(&worker, 0, 3000, 1);
  assert_int_equal(lowered, 0);
  assert_int_equal(tally.sums[0], 2004);
  tally_free(&tally);
}

/* To wait ten milliseconds for each chunk, and to hear that there is no more, is no work. */
static uint64_t tardy_left;

static enum status tardy_open(const struct team *team, const struct hand_out *hand_out,
                              void **source, struct fault *fault) {
  (void)team, (void)fault;
  tardy_left = test_team.rank == 0 ? hand_out->items : 0;
  *source = &tardy_left;
  return STATUS_OK;
}

static bool tardy_next(void *source, double unit_seconds, struct range *range, double *waited) {
  uint64_t *left = source;
  (void)unit_seconds;
  now += 0.01;
  core_now += tardy_core;
  *waited += 0.01;
  if (*left == 0) {
    return false;
  }
  *range = (struct range){probe.items - *left, probe.items - *left + 100};
  *left -= 100;
  return true;
}

static void tardy_close(void *source) {
  (void)source;
}

static void waiting_is_no_work(void **state) {
  (void)state;
  static const struct dispatcher tardy = {
      .name = "tardy", .open = tardy_open, .next = tardy_next, .close = tardy_close};
  begin(10000, 1, 1e-6);
  way = &by_scatter; /* for its schedule only */
  struct pool pool = make_pool(&tardy);
  pool.flag_kind = &counting_flag;
  struct outcome_of_run run = run_by(&pool);
  assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, 10000));
  assert_on_all_ranks(fabs(run.report.busy_max / 0.01 - 1) < 1e-6);
  assert_on_all_ranks(fabs(run.report.waited_mean - 1.0 / test_team.size - 0.01) < 1e-6);
  tally_free(&run.tally);
}

static bool is_near(double value, double expected) {
  return fabs(value - expected) <= 1e-6 * fabs(expected) + 1e-12;
}

/* Another program has the core for a third of the time, and for most of each look. */
static void what_others_had_of_the_core_is_known(void **state) {
  ON_ONE_RANK(state);
  struct job job = {.parameters = &probe};
  struct tally tally;
  struct fault fault;
  begin(UINT64_MAX, 1, 1e-6);
  core_rate = 2.0 / 3;
  look_seconds = 1e-3;
  look_core_time = 1e-5;
  assert_int_equal(tally_init(&tally, probe_shape(&job), &fault), STATUS_OK);
  struct worker worker = make_worker(&job, &tally, 1, 1);
  worker_start_slice(&worker);
  double slices = (double)slices_of(&worker, 0, 100, 1000);
  worker_end_slice(&worker);
  assert_true(is_near(worker.time.busy, 0.1));
  assert_true(is_near(worker.time.core, 0.1 * 2 / 3));
  assert_true(is_near(worker.time.yielded, 1e-3 * slices));
  assert_true(is_near(worker.time.looked, 1e-5 * slices));
  assert_true(is_near(worker_time_taken(&worker.time), 0.1 / 3 + 0.99e-3 * slices));
  assert_true(is_near(worker_time_sum(&worker.time), 0.1 + 1e-3 * slices));
  tally_free(&tally);
}

/* A post without work, taken over by another thread, whose clock says something else. */
static void a_change_of_threads_changes_nothing(void **state) {
  ON_ONE_RANK(state);
  static const double ahead[] = {-40, 0, 1000};
  for (size_t i = 0; i < sizeof ahead / sizeof ahead[0]; i++) {
    struct job job = {.parameters = &probe};
    struct tally tally;
    struct fault fault;
    begin(UINT64_MAX, 1, 1e-6);
    core_rate = 0.5;
    assert_int_equal(tally_init(&tally, probe_shape(&job), &fault), STATUS_OK);
    struct worker worker = make_worker(&job, &tally, 1, 1);
    worker_start_slice(&worker);
    slices_of(&worker, 0, 1, 1250); /* in the midst of a slice */
    double since = now;
    worker_pause(&worker, since);
    now += 3;
    core_now += ahead[i];
    worker_resume(&worker, since);
    slices_of(&worker, 1250, 1, 750);
    worker_end_slice(&worker);
    assert_true(is_near(worker.time.busy, 2e-3) && is_near(worker.time.core, 1e-3));
    assert_true(is_near(worker.time.waited, 3));
    tally_free(&tally);
  }
}

/* A wait that keeps its core busy is no work of that core. */
static void waiting_takes_no_processor_time_of_work(void **state) {
  (void)state;
  static const struct dispatcher tardy = {
      .name = "tardy", .open = tardy_open, .next = tardy_next, .close = tardy_close};
  begin(10000, 1, 1e-6);
  tardy_core = 0.01;
  way = &by_scatter;
  struct pool pool = make_pool(&tardy);
  pool.flag_kind = &counting_flag;
  struct outcome_of_run run = run_by(&pool);
  assert_on_all_ranks(run.status == STATUS_OK);
  assert_on_all_ranks(is_near(run.report.core_mean, run.report.busy_mean));
  tally_free(&run.tally);
}

/* The find is made after a quarter of the work, and not heard: what follows is in vain. (Clocks of
   several ranks say nothing of each other here.) */
static void only_what_follows_a_find_is_in_vain(void **state) {
  ON_ONE_RANK(state);
  FOR_EACH_PAIR() {
    begin(100000, 1, 1e-5);
    probe.find_at = 25000;
    struct pool pool = make_pool(dispatcher_find(way->dispatch));
    pool.flag_kind = &counting_flag;
    struct outcome_of_run run = run_by(&pool);
    assert_true(run.status == STATUS_OK && run.report.items == 100000);
    assert_in_range(run.report.wasted, 74900, 75001);
    assert_true(fabs(run.report.stop_seconds - 0.75) < 1e-3);
    tally_free(&run.tally);
  }
}

/* All ranks' looks against all ranks' work. */
static void by_every_dispatcher(void **state) {
  (void)state;
  FOR_EACH_PAIR() {
    begin(100000, 1, 1e-5); /* a second of work: 2000 slices, whoever does it */
    struct pool pool = make_pool(dispatcher_find(way->dispatch));
    pool.flag_kind = &counting_flag;
    struct outcome_of_run run = run_by(&pool);
    uint64_t slices;
    MPI_Allreduce(&looks, &slices, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    /* A rank's first slices are short, since it knows no speed; a rest of less than half a slice is
       taken along. */
    uint64_t first_ones = 6 * (uint64_t)test_team.size;
    assert_on_all_ranks(slices > 2000 * 2 / 3 && slices < 2000 * 21 / 20 + first_ones);
    assert_on_all_ranks(longest_call < 0.8e-3);
    assert_on_all_ranks(run.status == STATUS_OK && has_each_item_once(&run.tally, 100000));
    double busy = run.report.busy_mean * test_team.size;
    assert_on_all_ranks(busy > 0.999 && busy < 1.001);
    assert_on_all_ranks(run.report.busy_max <= 1.001 &&
                        run.report.busy_max >= busy / test_team.size);
    tally_free(&run.tally);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(half_a_millisecond),
      cmocka_unit_test(no_call_is_too_short),
      cmocka_unit_test(a_find_is_heeded_at_once),
      cmocka_unit_test(waiting_is_no_work),
      cmocka_unit_test(what_others_had_of_the_core_is_known),
      cmocka_unit_test(a_change_of_threads_changes_nothing),
      cmocka_unit_test(waiting_takes_no_processor_time_of_work),
      cmocka_unit_test(only_what_follows_a_find_is_in_vain),
      cmocka_unit_test(by_every_dispatcher),
  };
  RUN_ON_ALL_RANKS(tests);
}
