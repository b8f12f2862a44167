/* Counters: the safe kinds lose nothing, the unsafe ones do, and nothing is left behind. */
#define BEFORE_TESTS start_on_one_node
#include "mpi/pretended_nodes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/redis.h"
#include "mpi/wait.h"
#include "probes/counter_trial.h"

enum { RUNS = 20 };

static int start_on_one_node(void **state) {
  (void)state;
  pretend_one_node();
  return 0;
}

static const struct counter_place *here(void) {
  static struct counter_place place;
  place = (struct counter_place){.team = &job_team};
  return &place;
}

static bool is_there_redis(void) {
  return getenv("PARBENCH_REDIS") != NULL && redis_library_version() != NULL;
}

static uint64_t added_by_all(uint64_t increments) {
  return increments * (uint64_t)test_team.size;
}

/* Rank 0's verdict on what it knows. */
static bool is_sound(const struct counter_trial *trial, uint64_t increments) {
  double each = counter_trial_seconds_each(trial);
  return trial->expected == added_by_all(increments) && each > 0 && trial->busy_mean > 0 &&
         trial->busy_max >= trial->busy_mean * 0.999 && trial->seconds >= trial->busy_max * 0.999 &&
         trial->left_out[0] == '\0';
}

static struct counter_trial count(const struct counter_kind *kind, uint64_t increments) {
  struct counter_trial trial;
  struct fault fault;
  enum status status = counter_trial_run(kind, here(), increments, &trial, &fault);
  if (status != STATUS_OK) {
    fprintf(stderr, "%s: %s\n", kind->name, fault.text);
  }
  assert_on_all_ranks(status == STATUS_OK);
  assert_on_all_ranks(test_team.rank != 0 || is_sound(&trial, increments));
  return trial;
}

static void safe_kinds_lose_nothing(void **state) {
  (void)state;
  for (size_t k = 0; counter_kinds[k] != NULL; k++) {
    const struct counter_kind *kind = counter_kinds[k];
    if (!kind->safe || (kind == &redis_counter && !is_there_redis())) {
      print_message("%s is left out\n", kind->name);
      continue;
    }
    for (int i = 0; i < RUNS; i++) {
      uint64_t increments = i < 3 ? (uint64_t)i + 1 : 150;
      struct counter_trial trial = count(kind, increments);
      assert_on_all_ranks(test_team.rank != 0 || counter_trial_lost(&trial) == 0);
    }
  }
}

/* Long enough that ranks change places on the cores while they count. */
static void fast_safe_kinds_lose_nothing_in_long_runs(void **state) {
  (void)state;
  const struct counter_kind *const kinds[] = {&atomic_counter, &window_lock_counter,
                                              &fetch_and_op_counter};
  static const uint64_t increments[] = {1000000, 100000, 20000};
  for (size_t k = 0; k < 3; k++) {
    struct counter_trial trial = count(kinds[k], increments[k]);
    assert_on_all_ranks(test_team.rank != 0 || counter_trial_lost(&trial) == 0);
  }
}

/* One rank loses nothing; several do, sooner or later: not in each run, since they may have run one
   after the other. */
static void lose_in_the_end(const struct counter_kind *kind, uint64_t increments) {
  bool lost = false;
  for (int i = 0; i < 100 && !lost; i++) {
    struct counter_trial trial = count(kind, increments);
    lost = test_team.rank == 0 && counter_trial_lost(&trial) > 0;
    lost = team_share_verdict(&test_team, lost);
  }
  assert_true(lost == (test_team.size > 1));
}

static void unsafe_kinds_lose(void **state) {
  (void)state;
  assert_false(window_counter.safe || file_counter.safe);
  lose_in_the_end(&window_counter, test_team.size == 1 ? 10000 : 1000000);
  lose_in_the_end(&file_counter, test_team.size == 1 ? 100 : 3000);
}

/* A kind that forgets one increment of the last rank's. */
static enum status nothing_open(void *state, const struct counter_place *place,
                                struct fault *fault) {
  (void)state, (void)place;
  *fault = (struct fault){.status = STATUS_OK};
  return STATUS_OK;
}

static enum status nothing_add(void *state, struct fault *fault) {
  (void)state, (void)fault;
  return STATUS_OK;
}

static enum status one_too_few(void *state, uint64_t *value, struct fault *fault) {
  (void)state, (void)fault;
  *value = added_by_all(10) - 1;
  return STATUS_OK;
}

static void nothing_close(void *state) {
  (void)state;
}

static const struct counter_kind forgetful = {.name = "forgetful",
                                              .safe = true,
                                              .size = 1,
                                              .open = nothing_open,
                                              .add = nothing_add,
                                              .read = one_too_few,
                                              .close = nothing_close};

static void what_is_lost_is_seen(void **state) {
  (void)state;
  struct counter_trial trial = count(&forgetful, 10);
  assert_on_all_ranks(test_team.rank != 0 || counter_trial_lost(&trial) == 1);
}

/* Whichever rank fails, and when, all get its fault, and nobody waits for it. */
static int failing_rank;

static enum status add_and_fail(void *state, struct fault *fault) {
  uint64_t *added = state;
  return ++*added == 5 && test_team.rank == failing_rank
             ? fault_set(fault, STATUS_FAILED, "no more fingers")
             : STATUS_OK;
}

static enum status read_and_fail(void *state, uint64_t *value, struct fault *fault) {
  (void)state, (void)value;
  return fault_set(fault, STATUS_FAILED, "cannot read");
}

/* Increments that would take days, of which nobody does many more. */
static void check_faults(void) {
  struct counter_kind kind = forgetful;
  struct counter_trial trial;
  struct fault fault;
  kind.size = sizeof(uint64_t);
  kind.add = add_and_fail;
  for (failing_rank = 0; failing_rank < test_team.size; failing_rank++) {
    enum status status =
        counter_trial_run(&kind, here(), UINT64_C(1000000000000000), &trial, &fault);
    assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "no more fingers") != NULL);
    assert_on_all_ranks(trial.left_out[0] == '\0'); /* it was tried */
  }
  kind.add = nothing_add;
  kind.read = read_and_fail;
  enum status status = counter_trial_run(&kind, here(), 10, &trial, &fault);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(fault.text, "cannot read") != NULL);
}

static void faults_are_everyones(void **state) {
  (void)state;
  check_faults();
  for (int ranks_each = 1; ranks_each <= 2 && ranks_each < test_team.size; ranks_each++) {
    pretend_nodes(ranks_each);
    check_faults();
    end_pretending();
  }
}

static void one_node_kinds_refuse_several(void **state) {
  (void)state;
  struct team two_nodes = test_team;
  struct counter_place place = {.team = &two_nodes};
  struct counter_trial trial;
  struct fault fault;
  two_nodes.nodes = 2;
  for (size_t k = 0; counter_kinds[k] != NULL; k++) {
    if (counter_kinds[k]->one_node) {
      enum status status = counter_trial_run(counter_kinds[k], &place, 10, &trial, &fault);
      assert_on_all_ranks(status == STATUS_USAGE && strstr(fault.text, "2 nodes") != NULL &&
                          strcmp(fault.text, trial.left_out) == 0);
    }
  }
}

/* The file is ours alone, and gone afterwards; one that was there is not touched. */
static void files(void **state) {
  (void)state;
  static char path[64];
  const struct counter_kind *const kinds[] = {&file_counter, &file_lock_counter};
  struct counter_place place = {.team = &test_team, .file = path};
  if (test_team.rank == 0) {
    snprintf(path, sizeof path, "/tmp/test-counter-%d", (int)getpid());
  }
  for (size_t k = 0; k < 2; k++) {
    struct counter_trial trial;
    struct fault fault;
    enum status status = counter_trial_run(kinds[k], &place, 10, &trial, &fault);
    assert_on_all_ranks(status == STATUS_OK);
    assert_on_all_ranks(test_team.rank != 0 || (access(path, F_OK) != 0 && errno == ENOENT));

    FILE *file = test_team.rank == 0 ? fopen(path, "w") : NULL;
    if (file != NULL) {
      fputs("precious", file);
      fclose(file);
    }
    status = counter_trial_run(kinds[k], &place, 10, &trial, &fault);
    assert_on_all_ranks(status == STATUS_USAGE && strstr(fault.text, "File exists") != NULL);
    if (test_team.rank == 0) {
      char text[16] = "";
      file = fopen(path, "r");
      assert_non_null(file);
      assert_non_null(fgets(text, sizeof text, file));
      fclose(file);
      assert_string_equal(text, "precious");
      assert_int_equal(unlink(path), 0);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(safe_kinds_lose_nothing),
      cmocka_unit_test(fast_safe_kinds_lose_nothing_in_long_runs),
      cmocka_unit_test(unsafe_kinds_lose),
      cmocka_unit_test(what_is_lost_is_seen),
      cmocka_unit_test(faults_are_everyones),
      cmocka_unit_test(one_node_kinds_refuse_several),
      cmocka_unit_test(files),
  };
  RUN_ON_ALL_RANKS(tests);
}
