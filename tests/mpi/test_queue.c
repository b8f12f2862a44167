/* The job queue: every job made, done and taken once, in the order wished for, with bounded memory,
   every end marker acknowledged; and whoever fails, at whichever job, nobody hangs. */
#include "mpi/mpi_test.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/wait.h"
#include "probes/queue_jobs.h"

enum role { NOBODY, MAKER, WORKER, TAKER, DAMAGER };

struct study {
  struct queue_jobs jobs;
  enum role fails;
  uint64_t fail_at;
  double take_seconds, first_seconds; /* of the first take; of job 0 */
  uint64_t first_waits_for;           /* so many jobs are made before job 0 is done */

  uint64_t made, made_to; /* on this rank: how many, one past the highest */
  unsigned char *last_payload;
  uint64_t *times_taken; /* of each job; on rank 0 */
  uint64_t taken, highest_before_first;
  uint64_t made_by_all; /* when the first take was over */
  bool in_order, results_right;
  struct queue_report report;
  struct fault fault;
};

static void pause_for(double seconds) {
  double end = clock_seconds() + seconds;
  struct waiter waiter;
  waiter_start(&waiter, &test_team, WAIT_BRISK);
  while (clock_seconds() < end) {
    waiter_pause(&waiter);
  }
}

static unsigned char byte_of(uint64_t number, size_t at) {
  return (unsigned char)(31 * number + at + at / 251);
}

/* All ranks of a test are on one host. */
static _Atomic uint64_t *made_by_all(void) {
  return test_team.node_memory;
}

static enum status make(void *data, uint64_t number, void *payload, struct fault *fault) {
  struct study *study = data;
  unsigned char *bytes = payload;
  if (study->fails == MAKER && number == study->fail_at) {
    return fault_set(fault, STATUS_FAILED, "no luck");
  }
  for (size_t i = 0; i < study->jobs.payload; i++) {
    bytes[i] = byte_of(number, i);
  }
  if (study->fails == DAMAGER && number == study->fail_at + 1) {
    study->last_payload[study->jobs.payload / 2] ^= 4; /* of a job that waits in the queue */
  }
  study->last_payload = bytes;
  study->made++;
  atomic_fetch_add(made_by_all(), 1);
  study->made_to = number + 1;
  return STATUS_OK;
}

/* For a minute at most. */
static void wait_for_jobs(uint64_t count) {
  double end = clock_seconds() + 60;
  while (atomic_load(made_by_all()) < count && clock_seconds() < end) {
    pause_for(1e-3);
  }
}

static enum status work(void *data, uint64_t number, const void *payload, uint64_t *result,
                        struct fault *fault) {
  struct study *study = data;
  const unsigned char *bytes = payload;
  if (study->fails == WORKER && number == study->fail_at) {
    return fault_set(fault, STATUS_FAILED, "no luck");
  }
  if (number == 0) {
    wait_for_jobs(study->first_waits_for);
    pause_for(study->first_seconds);
  }
  for (size_t i = 0; i < study->jobs.payload; i++) {
    if (bytes[i] != byte_of(number, i)) {
      return fault_set(fault, STATUS_FAILED, "byte %zu is another", i);
    }
  }
  *result = number * number * number;
  return STATUS_OK;
}

static enum status take(void *data, uint64_t number, uint64_t result, struct fault *fault) {
  struct study *study = data;
  if (study->fails == TAKER && number == study->fail_at) {
    return fault_set(fault, STATUS_FAILED, "job %d: no luck", (int)number);
  }
  if (study->times_taken != NULL) {
    study->times_taken[number]++;
  }
  study->in_order = study->in_order && number == study->taken;
  study->results_right = study->results_right && result == number * number * number;
  study->taken++;
  if (number == 0) {
    study->highest_before_first = study->made_to;
  }
  if (study->taken == 1 && study->take_seconds > 0) {
    pause_for(study->take_seconds);
    study->made_by_all = atomic_load(made_by_all());
  }
  return STATUS_OK;
}

static enum status run(struct study *study) {
  study->jobs.make = make;
  study->jobs.work = work;
  study->jobs.take = take;
  study->jobs.data = study;
  study->in_order = true;
  study->results_right = true;
  atomic_store(made_by_all(), 0);
  team_barrier(&test_team, test_team.comm, WAIT_BRISK);
  return queue_run(&study->jobs, &test_team, &study->report, &study->fault);
}

static uint64_t sum_over_ranks(uint64_t value) {
  uint64_t sum;
  MPI_Allreduce(&value, &sum, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  return sum;
}

/* Run it, and look at everything that must hold. Collective. */
static void expect_all_done(struct queue_jobs jobs) {
  struct study study = {.jobs = jobs};
  bool first = test_team.rank == 0;
  study.times_taken = calloc(jobs.count, sizeof *study.times_taken);
  enum status status = run(&study);
  bool once = true;
  for (uint64_t i = 0; i < jobs.count; i++) {
    once = once && study.times_taken[i] == (first ? 1 : 0);
  }
  uint64_t workers = test_team.size == 1 ? 1 : (uint64_t)(test_team.size - jobs.producers);
  uint64_t markers = workers * (uint64_t)jobs.producers;
  const struct queue_report *report = &study.report;
  bool ended = !first || (report->markers == markers && report->acknowledged == markers &&
                          (uint64_t)report->workers == workers);
  bool counted = !first || (report->jobs_min * workers <= jobs.count &&
                            jobs.count <= report->jobs_max * workers);
  uint64_t share = test_team.rank < jobs.producers
                       ? (jobs.count + (uint64_t)(jobs.producers - 1 - test_team.rank)) /
                             (uint64_t)jobs.producers
                       : 0;
  bool ordered = !first || jobs.order == ORDERING_COMPLETION || study.in_order;
  free(study.times_taken);
  if (status != STATUS_OK) {
    fprintf(stderr, "%s\n", study.fault.text);
  }
  assert_on_all_ranks(status == STATUS_OK);
  assert_on_all_ranks(once && study.results_right);
  assert_on_all_ranks(ordered);
  assert_on_all_ranks(ended && counted);
  assert_on_all_ranks(study.made == share);
  assert_int_equal(sum_over_ranks(study.made), jobs.count);
}

/* Each way to run it that there is with so many ranks. */
static void every_way(struct queue_jobs jobs, void (*look)(struct queue_jobs jobs)) {
  int most = test_team.size == 1 ? 1 : test_team.size - 1;
  int producers[] = {1, 2, 3, most};
  for (size_t p = 0; p < 4; p++) {
    if (producers[p] > most || (p == 3 && most <= 3)) {
      continue;
    }
    for (int feeder = 0; feeder < 2; feeder++) {
      for (int order = ORDERING_COMPLETION; order <= ORDERING_SORTED; order++) {
        jobs.producers = producers[p];
        jobs.feeder = feeder == 1;
        jobs.order = (enum ordering_kind)order;
        look(jobs);
      }
    }
  }
}

static void every_job_once(void **state) {
  (void)state;
  static const uint64_t counts[] = {1, 2, 7, 300, 5000};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    every_way((struct queue_jobs){.count = counts[i]}, expect_all_done);
  }
}

static void payloads_come_through(void **state) {
  (void)state;
  static const size_t payloads[] = {1, 100, 5000, 300000};
  for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
    every_way((struct queue_jobs){.count = 50, .payload = payloads[i]}, expect_all_done);
  }
}

static void few_and_many_credits(void **state) {
  (void)state;
  static const uint64_t credits[] = {1, 2, 3, 500};
  for (size_t i = 0; i < sizeof credits / sizeof credits[0]; i++) {
    every_way((struct queue_jobs){.count = 300, .credits = credits[i]}, expect_all_done);
  }
}

static void a_long_queue(void **state) {
  (void)state;
  /* Many turns of the window and of every ring. */
  int most = test_team.size == 1 ? 1 : test_team.size - 1;
  expect_all_done((struct queue_jobs){.count = 60000, .producers = most, .order = ORDERING_INPUT});
  expect_all_done(
      (struct queue_jobs){.count = 60000, .producers = 1, .feeder = true, .order = ORDERING_INPUT});
}

static void producers_do_not_run_ahead(void **state) {
  (void)state;
  /* What a slow consumer holds up is bounded: the producer's slots, each worker's credits, and what
     is on its way back. */
  for (int feeder = 0; feeder < 2; feeder++) {
    struct study study = {.jobs = {.count = 50000, .producers = test_team.size > 2 ? 2 : 1},
                          .take_seconds = 0.3};
    study.jobs.credits = 4;
    study.jobs.feeder = feeder == 1;
    enum status status = run(&study);
    uint64_t workers = (uint64_t)test_team.size;
    uint64_t bound = 16 + workers * 2 * 4 + workers * 2 * 64 + 128;
    print_message("%d jobs were made while none was taken, %d may be\n", (int)study.made_by_all,
                  (int)bound);
    assert_on_all_ranks(status == STATUS_OK && study.made_by_all <= bound);
  }
}

static void the_window_holds(void **state) {
  (void)state;
  /* While job 0 takes long the others go on, but not without end: results wait for it. (With one
     worker the job at its hands holds all up.) */
  uint64_t window = (uint64_t)test_team.size * 2 * 64;
  window = window < 1024 ? 1024 : window;
  struct study study = {.jobs = {.count = 100000, .producers = 1, .order = ORDERING_INPUT},
                        .first_seconds = 0.1,
                        .first_waits_for = test_team.size > 2 ? window : 0};
  enum status status = run(&study);
  print_message("%d jobs were made before job 0 was done\n", (int)study.highest_before_first);
  assert_on_all_ranks(status == STATUS_OK && study.in_order);
  assert_on_all_ranks(study.highest_before_first <= window);
  if (test_team.size > 2 && test_team.rank == 0) {
    assert_int_equal(study.highest_before_first, window);
  }
}

static void credits_follow_the_jobs(void **state) {
  (void)state;
  /* Long jobs are not hoarded: with two a worker at most, the shares of equal jobs are equal. */
  struct study study = {.jobs = {.count = 1, .producers = 1}};
  int workers = test_team.size == 1 ? 1 : test_team.size - 1;
  study.jobs.count = 2 * (uint64_t)workers;
  study.first_seconds = 0.05;
  assert_on_all_ranks(run(&study) == STATUS_OK);
  if (test_team.rank == 0 && test_team.size > 1) {
    assert_true(study.report.credits >= 1 && study.report.credits <= 64);
    assert_true(study.report.busy_max >= 0.05);
  }
}

struct failure {
  enum role role;
  uint64_t at;
};

static struct failure failure;

static void expect_failure(struct queue_jobs jobs) {
  struct study study = {.jobs = jobs, .fails = failure.role, .fail_at = failure.at};
  double start = clock_seconds();
  enum status status = run(&study);
  double seconds = clock_seconds() - start;
  char job[64];
  snprintf(job, sizeof job, "job %d: no luck", (int)failure.at);
  /* Who it was: rank 0 says so itself, another is named with its host. */
  int rank = failure.role == MAKER && test_team.size > 1 ? (int)failure.at % jobs.producers : 0;
  char name[64] = "";
  if (rank != 0) {
    snprintf(name, sizeof name, "rank %d on %.32s", rank, test_team.host);
  } else if (failure.role == WORKER && test_team.size > 1) {
    snprintf(name, sizeof name, " on %.32s", test_team.host);
  }
  bool named = strstr(study.fault.text, job) != NULL && strstr(study.fault.text, name) != NULL;
  if (!named) {
    fprintf(stderr, "'%s' lacks '%s' or '%s'\n", study.fault.text, job, name);
  }
  assert_on_all_ranks(status == STATUS_FAILED);
  assert_on_all_ranks(named);
  assert_on_all_ranks(seconds < 60);
}

static void nobody_hangs_whoever_fails(void **state) {
  (void)state;
  static const uint64_t places[] = {0, 1, 150, 299};
  for (enum role role = MAKER; role <= TAKER; role++) {
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
      failure = (struct failure){role, places[i]};
      every_way((struct queue_jobs){.count = 300}, expect_failure);
    }
  }
  failure = (struct failure){WORKER, 20};
  every_way((struct queue_jobs){.count = 30, .payload = 200000}, expect_failure);
}

static void a_failure_ends_what_would_take_hours(void **state) {
  (void)state;
  for (enum role role = MAKER; role <= TAKER; role++) {
    for (int order = ORDERING_COMPLETION; order <= ORDERING_INPUT; order++) {
      failure = (struct failure){role, 1000};
      expect_failure((struct queue_jobs){
          .count = UINT64_C(1000000000000), .producers = 1, .order = (enum ordering_kind)order});
      expect_failure((struct queue_jobs){.count = UINT64_C(1000000000000),
                                         .producers = test_team.size > 2 ? 2 : 1,
                                         .feeder = true,
                                         .order = (enum ordering_kind)order});
    }
  }
}

static void all_workers_may_fail_at_once(void **state) {
  (void)state;
  struct study study = {.jobs = {.count = 100000, .producers = 1}, .fails = WORKER};
  /* Each at its own job, early. */
  study.fail_at = (uint64_t)test_team.rank;
  assert_on_all_ranks(run(&study) == STATUS_FAILED || strstr(study.fault.text, "no luck") == NULL);
  /* And the next queue is not disturbed by what the last one left. */
  expect_all_done((struct queue_jobs){.count = 500, .producers = 1});
}

static void damage_is_noticed(void **state) {
  (void)state;
  /* A payload that changes while its job is in the queue: sure to be met with one rank. */
  if (test_team.size == 1) {
    struct study study = {
        .jobs = {.count = 50, .producers = 1, .payload = 1000}, .fails = DAMAGER, .fail_at = 17};
    assert_int_equal(run(&study), STATUS_FAILED);
    assert_string_equal(study.fault.text, "job 17: its payload came damaged");
  }
}

static void results_that_cannot_be_kept(void **state) {
  (void)state;
  struct study study = {
      .jobs = {.count = UINT64_C(1000000000000000), .producers = 1, .order = ORDERING_SORTED}};
  assert_on_all_ranks(run(&study) == STATUS_FAILED && strstr(study.fault.text, "memory") != NULL &&
                      study.made == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_job_once),
      cmocka_unit_test(payloads_come_through),
      cmocka_unit_test(few_and_many_credits),
      cmocka_unit_test(a_long_queue),
      cmocka_unit_test(producers_do_not_run_ahead),
      cmocka_unit_test(the_window_holds),
      cmocka_unit_test(credits_follow_the_jobs),
      cmocka_unit_test(nobody_hangs_whoever_fails),
      cmocka_unit_test(a_failure_ends_what_would_take_hours),
      cmocka_unit_test(all_workers_may_fail_at_once),
      cmocka_unit_test(damage_is_noticed),
      cmocka_unit_test(results_that_cannot_be_kept),
  };
  RUN_ON_ALL_RANKS(tests);
}
