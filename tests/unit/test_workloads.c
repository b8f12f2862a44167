/* Each workload as a pure function of ranges: cut anywhere it gives the same tally, and its check
   fails when the tally is wrong. */
#include "unit/job_fixture.h"

#include <math.h>

#include "core/clock.h"

static const char *const lines[] = {
    "noop --tasks 1000",
    "pi --samples 100001",
    "primes 10000 200001 --sum --kernel sieve",
    "primes 10000 20001 --sum --kernel mr",
    "primes 0 3001 --sum --kernel trial",
    "isprime 1000003",
    "factors 2 40000",
    "factors 10000 10001 --bins 7",
    "factors 9990 30011 --bins 13 --limit 1000 --kernel trial",
    "factors 2 300 --bins 1000 --limit 2",
    "isprime 1000003 --precheck off",
    "isprime 2535301200456458802993406410751 --limit 100000", /* 2^101 - 1 */
    "pi --samples 200001 --rng xoshiro",
    "isprime 1005973", /* 997 * 1009 */
    "kde --normal 2500,3 --widths 0.5:2:0.25 --at 0,0,0",
    "kde --normal 500,2 --widths 0.5,1,2 --at 0:1:0.5,0:1:1 --split widths",
    "fib 15 --tasks 100",
    "fib 0 --tasks 3",
    "fib 20",
    "sleep --tasks 200 --cost uniform:10us",
    "sleep --tasks 300 --cost exponential:5us --burn",
    "sleep --tasks 1 --cost increasing:10us",
    "sleep --tasks 1000 --cost 0s",
};

static void any_cut_gives_the_same_answer(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    char line[128];
    struct fixture fixture;
    print_message("%s\n", lines[i]);
    snprintf(line, sizeof line, "%s", lines[i]);
    open_fixture(&fixture, line);
    uint64_t items = fixture.workload->items(&fixture.job);
    uint64_t grain =
        strstr(lines[i], "split widths") != NULL ? fixture.workload->grain(&fixture.job) : 1;
    bool right;
    run_range(&fixture, (struct range){0, items});
    char *whole = finish(&fixture, &right);
    assert_true(right);
    /* Backwards, in pieces of odd lengths, and empty ranges between. */
    tally_clear(&fixture.tally);
    uint64_t length = 1;
    for (uint64_t hi = items; hi > 0;) {
      uint64_t step = length * grain < hi ? length * grain : hi;
      run_range(&fixture, (struct range){hi - step, hi});
      run_range(&fixture, (struct range){hi - step, hi - step});
      hi -= step;
      length = length * 3 + 1;
    }
    char *pieces = finish(&fixture, &right);
    assert_true(right);
    assert_string_equal(whole, pieces);
    free(whole);
    free(pieces);
    close_fixture(&fixture);
  }
}

/* What goes wrong in a tally: a wrong count or sum, a wrong extreme (as a factor, the larger one of
   1005973; as the most divisions, far too many), an item that nobody did, or everything forgotten.
 */
enum damage { COUNT_OFF, SUM_OFF, LEAST_OFF, ITEM_LOST, EVERYTHING_LOST };

static void checks_catch_wrong_tallies(void **state) {
  (void)state;
  static const struct {
    const char *line;
    enum damage damage;
  } cases[] = {
      {"noop --tasks 1000", COUNT_OFF},
      {"pi --samples 100000", EVERYTHING_LOST},
      {"primes 0 1000000", EVERYTHING_LOST},
      {"factors 2 40000", COUNT_OFF},
      {"factors 2 40000", ITEM_LOST},
      {"factors 2 40000 --kernel trial", ITEM_LOST},
      {"factors 2 40000", EVERYTHING_LOST},
      {"factors 2 40000", LEAST_OFF},
      {"isprime 1005973", EVERYTHING_LOST},
      {"isprime 1005973", LEAST_OFF},
      {"isprime 1000003", LEAST_OFF},
      {"fib 10 --tasks 5", COUNT_OFF},
      {"fib 10 --tasks 5", ITEM_LOST},
      {"fib 10 --tasks 5", EVERYTHING_LOST},
      {"fib 10 --tasks 5", LEAST_OFF},
      {"fib 10 --tasks 5", SUM_OFF},
      {"sleep --tasks 10 --cost 1us", COUNT_OFF},
      {"sleep --tasks 10 --cost 1us", SUM_OFF},
      {"sleep --tasks 10 --cost 1us", ITEM_LOST},
      {"sleep --tasks 10 --cost 1us", EVERYTHING_LOST},
      {"noop --tasks 1000", SUM_OFF},
      {"noop --tasks 1000", ITEM_LOST},
      {"kde --normal 2500,2 --widths 1", COUNT_OFF},
      {"kde --normal 2500,2 --widths 0.5,1,1.5", EVERYTHING_LOST},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char line[128];
    struct fixture fixture;
    print_message("%s\n", cases[i].line);
    snprintf(line, sizeof line, "%s", cases[i].line);
    open_fixture(&fixture, line);
    uint64_t done = fixture.workload->items(&fixture.job) - (cases[i].damage == ITEM_LOST);
    run_range(&fixture, (struct range){0, done});
    if (cases[i].damage == COUNT_OFF) {
      fixture.tally.sums[0]++;
    } else if (cases[i].damage == SUM_OFF) {
      fixture.tally.wide_sums[0]++;
    } else if (cases[i].damage == LEAST_OFF) {
      fixture.tally.minima[0] = 1009;
    } else if (cases[i].damage == EVERYTHING_LOST) {
      tally_clear(&fixture.tally);
    }
    bool right;
    free(finish(&fixture, &right));
    assert_false(right);
    close_fixture(&fixture);
  }
}

/* A divisor ends the search only when nothing smaller can hide below it. */
static void only_a_final_factor_stops_everyone(void **state) {
  (void)state;
  char line[128];
  struct fixture fixture;
  snprintf(line, sizeof line, "isprime %llu", 997ULL * 1009);
  open_fixture(&fixture, line);
  run_range(&fixture, (struct range){900, fixture.workload->items(&fixture.job)});
  assert_true(fixture.tally.limit == 0 && fixture.tally.minima[0] == 997);
  close_fixture(&fixture);

  /* 101 * 1009 * 10007: from above, 1009 is found first, and 101 is still below it. */
  snprintf(line, sizeof line, "isprime %llu", 101ULL * 1009 * 10007);
  open_fixture(&fixture, line);
  run_range(&fixture, (struct range){900, 1200});
  assert_true(fixture.tally.limit == 1009 - 21 && fixture.tally.minima[0] == 1009);
  run_range(&fixture, (struct range){0, 900});
  assert_true(fixture.tally.minima[0] == 101);
  bool right;
  free(finish(&fixture, &right));
  assert_true(right);
  close_fixture(&fixture);
}

struct spent {
  double cost, clock, processor;
};

static struct spent spend_tasks(const char *job, uint64_t tasks) {
  char line[128];
  struct fixture fixture;
  snprintf(line, sizeof line, "%s", job);
  open_fixture(&fixture, line);
  double clock = clock_seconds();
  double processor = clock_thread_seconds();
  run_range(&fixture, (struct range){0, tasks});
  struct spent spent = {.clock = clock_seconds() - clock,
                        .processor = clock_thread_seconds() - processor,
                        .cost = (double)fixture.tally.wide_sums[1] / 1e9};
  close_fixture(&fixture);
  return spent;
}

/* The processor's time can be more than was used, where a virtual machine was stopped meanwhile: so
   of many short tries one has to be undisturbed. */
static void sleep_takes_its_time(void **state) {
  (void)state;
  double least = INFINITY;
  for (int i = 0; i < 10; i++) {
    struct spent spent = spend_tasks("sleep --tasks 10 --cost uniform:2ms", 10);
    assert_true(spent.cost > 0.016 && spent.cost < 0.024);
    assert_true(spent.clock >= spent.cost - 1e-6);
    least = fmin(least, spent.processor / spent.cost);
  }
  print_message("  sleeping takes %.3f of the processor\n", least);
  assert_true(least < 0.3);
}

static void burning_takes_the_processors(void **state) {
  (void)state;
  double least = INFINITY;
  for (int i = 0; i < 50; i++) {
    struct spent spent = spend_tasks("sleep --tasks 100 --cost uniform:20us --burn", 100);
    assert_true(spent.cost > 0.0016 && spent.cost < 0.0024);
    assert_true(spent.processor >= spent.cost);
    least = fmin(least, spent.processor / spent.cost);
  }
  print_message("  burning takes %.4f of what it shall\n", least);
  assert_true(least < 1.05);
}

/* What tasks cost is a fact of the job, not of the run. */
static void costs_are_known_exactly(void **state) {
  (void)state;
  static const struct {
    const char *cost;
    uint64_t total, longest; /* nanoseconds */
  } cases[] = {{"1us", 11000, 1000}, {"increasing:1us", 11000, 2000}, {"0s", 0, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char line[128];
    struct fixture fixture;
    snprintf(line, sizeof line, "sleep --tasks 11 --cost %s", cases[i].cost);
    open_fixture(&fixture, line);
    run_range(&fixture, (struct range){4, 11});
    run_range(&fixture, (struct range){0, 4});
    assert_true(fixture.tally.wide_sums[1] == cases[i].total);
    assert_true(~fixture.tally.minima[0] == cases[i].longest);
    close_fixture(&fixture);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_cut_gives_the_same_answer),
      cmocka_unit_test(checks_catch_wrong_tallies),
      cmocka_unit_test(only_a_final_factor_stops_everyone),
      cmocka_unit_test(sleep_takes_its_time),
      cmocka_unit_test(burning_takes_the_processors),
      cmocka_unit_test(costs_are_known_exactly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
