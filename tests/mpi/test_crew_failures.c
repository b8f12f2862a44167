/* Failures within crews of threads: an item's, by the main thread or a helper, and a thread that
   cannot be started. All ranks hear of them, and go on. */
#include "mpi/crew_probe.h"

#include <sys/resource.h>

#include "pool/crew.h"

static bool names_thread_and_items(const char *text) {
  bool named = strstr(text, "thread ") != NULL && strstr(text, "items [") != NULL &&
               strstr(text, "is bad") != NULL;
  return named && (test_team.size == 1 || strncmp(text, "rank ", 5) == 0 ||
                   strncmp(text, "thread ", 7) == 0);
}

static void a_failure_ends_the_job(void **state) {
  (void)state;
  static const uint64_t places[] = {0, 500, 999};
  for (size_t d = 0; d < LENGTH(dispatchers); d++) {
    for (size_t p = 0; p < LENGTH(places); p++) {
      bool scatters = strcmp(dispatchers[d], "scatter") == 0;
      struct way fixed = {dispatchers[d], scatters ? "static" : "dynamic", 0, "natural"};
      set_items(1000);
      probe.fail_at = places[p];
      struct outcome_of_run run = run_crew(&fixed, 3);
      assert_on_all_ranks(run.status == STATUS_FAILED && names_thread_and_items(run.fault.text));
      tally_free(&run.tally);
    }
  }
}

static uint64_t items_handed_to_all(void) {
  uint64_t all = atomic_load(&items_handed);
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

/* 100 s of work, of which a failure leaves most undone. */
static void a_failure_of_either_kind_of_thread(void **state) {
  (void)state;
  static const enum who failers[] = {THE_MAIN_THREAD, A_HELPER};
  for (size_t d = 0; d < DRAWING_DISPATCHERS; d++) {
    for (size_t f = 0; f < LENGTH(failers); f++) {
      struct way in_parts = {dispatchers[d], "factoring", 0, "natural"};
      set_items(10000000);
      probe.item_seconds = 10e-6;
      happening.failer = failers[f];
      happening.from = 2000;
      struct outcome_of_run run = run_crew(&in_parts, 2);
      assert_on_all_ranks(run.status == STATUS_FAILED && names_thread_and_items(run.fault.text));
      assert_on_all_ranks(strncmp(run.fault.text, "rank ", 5) == 0 || test_team.size == 1);
      assert_true(items_handed_to_all() < probe.items / 2);
      tally_free(&run.tally);
    }
  }
}

/* Whatever ends a crew, its source is told once that no more is drawn, before it is closed:
   "master" has an answer to wait for. */
static int finished, finished_at_close;

static void note_finish(void *source) {
  finished++;
  master_dispatcher.finish(source);
}

static void note_close(void *source) {
  finished_at_close = finished;
  master_dispatcher.close(source);
}

/* Good for a while, so that the threads' ring is full when all of them fail. */
static atomic_int calls_left;

static enum status fail_after_a_while(const struct job *job, struct range range,
                                      struct tally *tally, struct fault *fault) {
  return calls_left-- > 0 ? probe_run(job, range, tally, fault)
                          : fault_set(fault, STATUS_FAILED, "nothing is good");
}

static void failures_of_all_threads_leave_nothing_open(void **state) {
  (void)state;
  enum { THREADS = 3 };
  struct dispatcher watched = master_dispatcher;
  struct workload failing = probe_workload;
  watched.finish = note_finish;
  watched.close = note_close;
  failing.run = fail_after_a_while;
  way = &typical_ways[5]; /* small chunks */
  for (int i = 0; i < 20; i++) {
    probe = plain;
    probe.items = 100000;
    probe.item_seconds = 0.5e-3;
    calls_left = 40;
    struct pool pool = make_pool(&watched);
    pool.threads = THREADS;
    finished = 0;
    struct outcome_of_run run = run_workload_by(&pool, &failing);
    assert_on_all_ranks(run.status == STATUS_FAILED && finished == 1 && finished_at_close == 1);
    tally_free(&run.tally);
  }
}

/* One rank may have no more memory for threads' stacks: all ranks hear of it, and go on. */
static void a_thread_that_cannot_be_started(void **state) {
  (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  skip(); /* sanitizers need all of the address space */
#endif
  static const struct way one_by_one = {"node", "dynamic", 1, "natural"};
  int threads = 2;
  struct rlimit before;
  getrlimit(RLIMIT_AS, &before);
  if (test_team.rank == test_team.size - 1) {
    struct rlimit tight = before;
    tight.rlim_cur = (rlim_t)2 << 30;
    setrlimit(RLIMIT_AS, &tight);
    threads = CREW_MOST;
  }
  set_items(1000);
  struct outcome_of_run run = run_crew(&one_by_one, threads);
  setrlimit(RLIMIT_AS, &before);
  assert_on_all_ranks(run.status == STATUS_FAILED &&
                      strstr(run.fault.text, "cannot be started") != NULL);
  tally_free(&run.tally);
  run = run_crew(&one_by_one, 2);
  assert_on_all_ranks(did_everything(&run));
  tally_free(&run.tally);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_failure_ends_the_job),
      cmocka_unit_test(a_failure_of_either_kind_of_thread),
      cmocka_unit_test(failures_of_all_threads_leave_nothing_open),
      cmocka_unit_test(a_thread_that_cannot_be_started),
  };
  RUN_ON_ALL_RANKS(tests);
}
