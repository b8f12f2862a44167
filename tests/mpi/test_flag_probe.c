/* What the study of flags says, of flags whose costs and faults are known, and of the true ones. */
#include "mpi/mpi_test.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/true_clock.h"
#include "core/stats.h"
#include "probes/flag_trial.h"

/* In place of core/clock.c: the processor's time can be made up, and a poll can last for long. */
static bool makes_up_thread_time;
static double thread_time, standstill, stood_still; /* seconds: each poll's, and all */

double clock_seconds(void) {
  return true_clock(CLOCK_MONOTONIC) + stood_still;
}

double clock_thread_seconds(void) {
  if (makes_up_thread_time) {
    thread_time += 100e-9;
    return thread_time;
  }
  return true_clock(CLOCK_THREAD_CPUTIME_ID);
}

static struct flag_conditions conditions(size_t repeats) {
  return (struct flag_conditions){
      .team = &test_team, .interval = 100e-6, .repeats = repeats, .seed = 1, .patience = 20};
}

/* A flag in the node's memory, with whatever costs and faults a test wishes. */
struct fake {
  _Atomic uint64_t limit;
  _Atomic double lowered_at;
};
static double poll_costs, hears_after; /* seconds */
static enum fault_kind { NONE, DEAF, TOO_EARLY, TOO_MUCH } fault_kind;
static int lowered_here;        /* how often */
static uint64_t limits_lowered; /* to which, a bit each */

static enum status fake_open(struct team *team, const struct flag_settings *settings, void **flag,
                             struct fault *fault) {
  struct fake *fake = team->node_memory;
  (void)settings;
  if (team->node_rank == 0) {
    atomic_store(&fake->limit, UINT64_MAX);
    atomic_store(&fake->lowered_at, 0);
  }
  lowered_here = 0;
  limits_lowered = 0;
  *flag = fake;
  *fault = (struct fault){.status = STATUS_OK};
  return team_agree(team, fault);
}

static void fake_lower(void *flag, uint64_t limit) {
  struct fake *fake = flag;
  lowered_here++;
  limits_lowered |= UINT64_C(1) << limit;
  atomic_store(&fake->lowered_at, clock_seconds());
  atomic_store(&fake->limit, fault_kind == TOO_MUCH ? limit - 1 : limit);
}

static uint64_t fake_poll(void *flag) {
  struct fake *fake = flag;
  static uint64_t heard;
  thread_time += poll_costs;
  stood_still += standstill;
  uint64_t limit = atomic_load(&fake->limit);
  if (limit == UINT64_MAX) {
    heard = limit; /* a new flag */
  }
  if (fault_kind == DEAF && lowered_here == 0) {
    return UINT64_MAX;
  }
  if (clock_seconds() >= atomic_load(&fake->lowered_at) + hears_after) {
    heard = limit;
  }
  return fault_kind == TOO_EARLY ? 1 : heard;
}

static void fake_close(void *flag, struct fault *fault) {
  (void)flag, (void)fault;
  team_barrier(&test_team, test_team.comm, WAIT_BRISK);
}

static const struct flag_kind fake = {
    .name = "fake", .open = fake_open, .lower = fake_lower, .poll = fake_poll, .close = fake_close};

static void set_up(enum fault_kind kind, double costs, double after) {
  fault_kind = kind;
  poll_costs = costs;
  hears_after = after;
}

static enum status study(const struct flag_kind *kind, const struct flag_conditions *how,
                         struct flag_trial *trial) {
  struct fault fault;
  enum status status = flag_trial_run(kind, how, trial, &fault);
  if (status != STATUS_OK) {
    fprintf(stderr, "%s: %s\n", kind->name, fault.text);
  }
  return status;
}

static void polls_are_priced(void **state) {
  (void)state;
  static const double costs[] = {10e-6, 50e-6};
  makes_up_thread_time = true;
  for (size_t i = 0; i < 2; i++) {
    struct flag_trial trial;
    struct flag_conditions how = conditions(1);
    set_up(NONE, costs[i], 0);
    assert_on_all_ranks(study(&fake, &how, &trial) == STATUS_OK);
    print_message("a poll of %g us: %g us\n", 1e6 * costs[i], 1e6 * trial.poll_seconds);
    assert_on_all_ranks(test_team.rank != 0 ||
                        fabs(trial.poll_seconds - costs[i]) <= 0.01 * costs[i]);
    flag_trial_free(&trial);
  }
  makes_up_thread_time = false;
}

/* All but the one that raises it stop `after` seconds later: also that one, which polls as they do.
 */
static void stops_are_timed(void **state) {
  (void)state;
  static const double after[] = {5e-3, 20e-3};
  for (size_t i = 0; i < 2; i++) {
    struct flag_trial trial;
    struct flag_conditions how = conditions(10);
    set_up(NONE, 0, after[i]);
    assert_on_all_ranks(study(&fake, &how, &trial) == STATUS_OK);
    bool right = !trial.failed;
    for (size_t r = 0; test_team.rank == 0 && r < how.repeats; r++) {
      double all = (double)test_team.size * after[i];
      right = right && trial.stop[r] >= after[i] && trial.wasted[r] >= all &&
              trial.wasted[r] <= test_team.size * trial.stop[r] * 1.000001;
    }
    right = right && trial.busy_max * 1.000001 >= trial.busy_mean &&
            test_team.size * trial.busy_mean > 10 * after[i] && trial.seconds >= trial.busy_max;
    /* Even where the ranks take turns and the machine is slow, the last one polls soon after. */
    double late = test_team.rank == 0 ? stats_of(trial.stop, how.repeats).min - after[i] : 0;
    print_message("%g ms late at best\n", 1e3 * late);
    assert_on_all_ranks(right && late < 2);
    flag_trial_free(&trial);
  }
}

static int sum_over_ranks(int value) {
  int sum;
  MPI_Allreduce(&value, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  return sum;
}

/* Each raise is one rank's, which the seed chooses. */
static void anyone_may_raise(void **state) {
  (void)state;
  uint64_t raised[3];
  for (int i = 0; i < 3; i++) {
    struct flag_trial trial;
    struct flag_conditions how = conditions(24);
    how.interval = 10e-6;
    how.seed = i < 2 ? 7 : 8;
    set_up(NONE, 0, 0);
    assert_on_all_ranks(study(&fake, &how, &trial) == STATUS_OK && !trial.failed);
    raised[i] = limits_lowered;
    assert_int_equal(sum_over_ranks(lowered_here), 24);
    flag_trial_free(&trial);
  }
  assert_on_all_ranks(raised[0] == raised[1]);
  assert_on_all_ranks(lowered_here < 24 || test_team.size == 1);
  int differs = sum_over_ranks(raised[2] != raised[0]);
  assert_true(differs > 0 || test_team.size == 1);
}

static void faulty_flags_are_found_out(void **state) {
  (void)state;
  static const enum fault_kind faults[] = {DEAF, TOO_EARLY, TOO_MUCH};
  for (size_t i = 0; i < 3; i++) {
    struct flag_trial trial;
    struct flag_conditions how = conditions(3);
    how.patience = 0.5;
    set_up(faults[i], 0, 0);
    assert_on_all_ranks(study(&fake, &how, &trial) == STATUS_OK);
    assert_on_all_ranks(trial.failed == (test_team.size > 1 || faults[i] != DEAF));
    flag_trial_free(&trial);
  }
}

/* Longer than anyone's patience, between its looks at the clock. */
static void a_raiser_may_stand_still(void **state) {
  ON_ONE_RANK(state);
  struct flag_trial trial;
  struct flag_conditions how = conditions(3);
  set_up(NONE, 0, 0);
  standstill = 2 * how.patience;
  assert_true(study(&fake, &how, &trial) == STATUS_OK && !trial.failed);
  standstill = 0;
  flag_trial_free(&trial);
}

static void true_flags_are_heard(void **state) {
  (void)state;
  const struct flag_kind *const kinds[] = {&auto_flag, &ibcast_flag, &window_flag, &rma_flag,
                                           &server_flag};
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
    struct flag_trial trial;
    struct flag_conditions how = conditions(20);
    assert_on_all_ranks(study(kinds[k], &how, &trial) == STATUS_OK);
    assert_on_all_ranks(!trial.failed && trial.is_heard);
    bool positive = trial.poll_seconds > 0;
    for (size_t r = 0; r < how.repeats; r++) {
      positive = positive && isfinite(trial.stop[r]) && trial.stop[r] > 0;
    }
    assert_on_all_ranks(test_team.rank != 0 || positive);
    flag_trial_free(&trial);
  }
}

static void nobody_hears_of_none(void **state) {
  (void)state;
  struct flag_trial trial;
  struct flag_conditions how = conditions(5);
  assert_on_all_ranks(study(&none_flag, &how, &trial) == STATUS_OK);
  assert_on_all_ranks(!trial.failed && !trial.is_heard &&
                      (test_team.rank != 0 || trial.poll_seconds > 0));
  flag_trial_free(&trial);
}

static enum status sorry(struct team *team, const struct flag_settings *settings, void **flag,
                         struct fault *fault) {
  (void)settings, (void)flag;
  fault->status = STATUS_OK;
  if (team->rank == team->size - 1) {
    fault_set(fault, STATUS_FAILED, "not here");
  }
  return team_agree(team, fault);
}

static void close_with_fault(void *flag, struct fault *fault) {
  fake_close(flag, fault);
  if (test_team.rank == test_team.size - 1) {
    fault_set(fault, STATUS_FAILED, "lost on the way");
  }
}

static void faults_are_everyones(void **state) {
  (void)state;
  struct flag_kind kind = fake;
  struct flag_conditions how = conditions(2);
  struct flag_trial trial;
  struct fault fault;
  set_up(NONE, 0, 0);
  kind.open = sorry;
  enum status status = flag_trial_run(&kind, &how, &trial, &fault);
  assert_on_all_ranks(status == STATUS_FAILED && strstr(trial.left_out, "not here") != NULL);
  flag_trial_free(&trial);

  kind = fake;
  kind.close = close_with_fault;
  status = flag_trial_run(&kind, &how, &trial, &fault);
  assert_on_all_ranks(status == STATUS_FAILED && trial.left_out[0] == '\0' &&
                      strstr(fault.text, "lost on the way") != NULL);
  flag_trial_free(&trial);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(polls_are_priced),         cmocka_unit_test(stops_are_timed),
      cmocka_unit_test(anyone_may_raise),         cmocka_unit_test(faulty_flags_are_found_out),
      cmocka_unit_test(a_raiser_may_stand_still), cmocka_unit_test(true_flags_are_heard),
      cmocka_unit_test(nobody_hears_of_none),     cmocka_unit_test(faults_are_everyones),
  };
  RUN_ON_ALL_RANKS(tests);
}
