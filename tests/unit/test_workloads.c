/* Each workload as a pure function of ranges: cut anywhere it gives the same tally, and its check
   fails when the tally is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "app/command_line.h"
#include "core/clock.h"
#include "kernels/factors.h"
#include "pool/pool.h"

/* A job set up on this process alone. */
struct fixture {
  struct plan plan;
  const struct workload *workload;
  struct job job;
  struct tally tally;
  void *shared;
};

static void open_fixture(struct fixture *fixture, char *line) {
  char *argv[16] = {"parbench"};
  int argc = 1;
  struct fault fault = {.status = STATUS_OK};
  for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " ")) {
    argv[argc++] = word;
  }
  assert_int_equal(command_line_parse(argc, argv, &fixture->plan, &fault), STATUS_OK);
  const struct planned_case *planned = &fixture->plan.cases[0];
  const struct workload *workload = planned->subject.workload;
  fixture->workload = workload;
  fixture->job = (struct job){.parameters = planned->parameters, .seed = 1, .workers = 1};
  fixture->shared = NULL;
  if (workload->load != NULL) {
    struct blob blob;
    assert_int_equal(workload->load(&fixture->job, &blob, &fault), STATUS_OK);
    fixture->shared = aligned_alloc(64, (blob.size + 63) / 64 * 64);
    memcpy(fixture->shared, blob.bytes, blob.size);
    fixture->job.shared = fixture->shared;
    fixture->job.shared_size = blob.size;
    free(blob.bytes);
  }
  if (workload->prepare != NULL) {
    assert_int_equal(workload->prepare(&fixture->job, &fault), STATUS_OK);
  }
  assert_int_equal(tally_init(&fixture->tally, workload->shape(&fixture->job), &fault), STATUS_OK);
}

static void close_fixture(struct fixture *fixture) {
  if (fixture->workload->release != NULL) {
    fixture->workload->release(&fixture->job);
  }
  tally_free(&fixture->tally);
  free(fixture->shared);
  plan_free(&fixture->plan);
}

/* The answer as one line of JSON, and what the check said. */
static char *finish(struct fixture *fixture, bool *right) {
  struct outcome outcome = {.answer = json_object(), .facts = json_object()};
  struct fault fault;
  assert_int_equal(fixture->workload->finish(&fixture->job, &fixture->tally, &outcome, &fault),
                   STATUS_OK);
  char *text = json_dumps(outcome.answer, JSON_COMPACT);
  *right = outcome.right;
  print_message("  %s: %s\n", outcome.right ? "ok" : "failed", outcome.check);
  json_decref(outcome.answer);
  json_decref(outcome.facts);
  return text;
}

static void run_range(struct fixture *fixture, struct range range) {
  struct fault fault;
  assert_int_equal(fixture->workload->run(&fixture->job, range, &fixture->tally, &fault),
                   STATUS_OK);
}

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

/* Each sum of the tally of factors by itself, and pairs that hide one another from simple sums. */
static void the_check_of_factors_sees_every_sum(void **state) {
  (void)state;
  char line[] = "factors 2 100000 --bins 3 --limit 20"; /* 8 classes and the larger ones */
  enum { LARGER = 8, LARGER_DIVISIONS, BIN, SUMS = BIN + 9 };
  static const struct {
    size_t up, down;
  } swaps[] = {
      {0, 1},             /* a number in another class */
      {7, LARGER},        /* or in none of its own */
      {3, BIN},           /* a prime taken for a multiple of 7 */
      {BIN + 1, BIN + 2}, /* divisions of a composite on the account of primes */
  };
  struct fixture fixture;
  bool right;
  open_fixture(&fixture, line);
  assert_int_equal(fixture.tally.shape.sums, SUMS);
  uint64_t *sums = fixture.tally.sums;
  run_range(&fixture, (struct range){0, 99998});
  free(finish(&fixture, &right));
  assert_true(right);
  for (size_t i = 0; i < SUMS; i++) {
    bool of_primes = i >= BIN && (i - BIN) % 3 == 1; /* only known within bounds */
    uint64_t step = of_primes ? sums[i] : 1;
    for (int up = 0; up < 2; up++) {
      sums[i] += up ? step : -step;
      free(finish(&fixture, &right));
      assert_false(right);
      sums[i] -= up ? step : -step;
    }
  }
  for (size_t i = 0; i < sizeof swaps / sizeof swaps[0]; i++) {
    sums[swaps[i].up]++;
    sums[swaps[i].down]--;
    free(finish(&fixture, &right));
    assert_false(right);
    sums[swaps[i].up]--;
    sums[swaps[i].down]++;
  }
  for (size_t bin = 0; bin < 3; bin++) {
    uint64_t most = fixture.tally.minima[bin];
    fixture.tally.minima[bin] = ~UINT64_C(160); /* 158 are possible, and in the last bin 157 made */
    free(finish(&fixture, &right));
    assert_false(right);
    fixture.tally.minima[bin] = ~UINT64_C(1);
    free(finish(&fixture, &right));
    assert_false(right);
    fixture.tally.minima[bin] = most;
  }
  close_fixture(&fixture);
}

/* What all sums agree on and yet is wrong: each part of the check by itself. */
static void each_part_of_the_check_of_factors_can_fail(void **state) {
  (void)state;
  char line[] = "factors 2 100000 --bins 1 --limit 20";
  enum { LARGER = 8, LARGER_DIVISIONS, PRIMES, PRIME_DIVISIONS, COMPOSITE_DIVISIONS };
  struct fixture fixture;
  bool right;
  open_fixture(&fixture, line);
  uint64_t *sums = fixture.tally.sums;
  run_range(&fixture, (struct range){0, 99998});
  /* Legendre's formula: a multiple of 3 taken for an even number. */
  sums[0]++;
  sums[1]--;
  sums[COMPOSITE_DIVISIONS]--;
  free(finish(&fixture, &right));
  assert_false(right);
  sums[0]--;
  sums[1]++;
  sums[COMPOSITE_DIVISIONS]++;
  /* The prime number theorem: a sixth of the primes taken for composite. */
  const uint64_t lost = 1600;
  const uint64_t divisions = lost * 100;
  sums[PRIMES] -= lost;
  sums[LARGER] += lost;
  sums[PRIME_DIVISIONS] -= divisions;
  sums[LARGER_DIVISIONS] += divisions;
  sums[COMPOSITE_DIVISIONS] += divisions;
  free(finish(&fixture, &right));
  assert_false(right);
  sums[PRIMES] += lost;
  sums[LARGER] -= lost;
  sums[PRIME_DIVISIONS] += divisions;
  sums[LARGER_DIVISIONS] -= divisions;
  sums[COMPOSITE_DIVISIONS] -= divisions;
  free(finish(&fixture, &right));
  assert_true(right);
  /* Random stretches: a sieve that lacks the primes above 20. */
  struct factors_table *table = fixture.job.state;
  size_t count = table->count;
  table->count = table->classes;
  free(finish(&fixture, &right));
  assert_false(right);
  table->count = count;
  close_fixture(&fixture);
}

/* A bin holds its own numbers, wherever ranges are cut. */
static void bins_are_told_apart(void **state) {
  (void)state;
  char line[] = "factors 90 113 --bins 5 --kernel trial"; /* 90, 95, 100, 105, 109, 113 */
  struct fixture fixture;
  open_fixture(&fixture, line);
  for (uint64_t i = 0; i < 23; i++) {
    run_range(&fixture, (struct range){i, i + 1});
  }
  bool right;
  char *answer = finish(&fixture, &right);
  assert_true(right);
  static const char *const bins[] = {
      "{\"from\":\"90\",\"to\":\"95\",\"numbers\":5,\"primes\":0,",
      "{\"from\":\"95\",\"to\":\"100\",\"numbers\":5,\"primes\":1,\"prime_divisions\":5,",
      "{\"from\":\"100\",\"to\":\"105\",\"numbers\":5,\"primes\":2,\"prime_divisions\":10,",
      "{\"from\":\"105\",\"to\":\"109\",\"numbers\":4,\"primes\":1,\"prime_divisions\":5,",
      "{\"from\":\"109\",\"to\":\"113\",\"numbers\":4,\"primes\":1,\"prime_divisions\":5,",
  };
  for (size_t i = 0; i < sizeof bins / sizeof bins[0]; i++) {
    assert_non_null(strstr(answer, bins[i]));
  }
  free(answer);
  close_fixture(&fixture);
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

/* Sleeping takes the clock's time and none of the processor's; burning takes the processor's. */
static void sleep_takes_its_time(void **state) {
  (void)state;
  for (int burn = 0; burn < 2; burn++) {
    char line[128];
    struct fixture fixture;
    snprintf(line, sizeof line, "sleep --tasks 100 --cost uniform:1ms%s", burn ? " --burn" : "");
    open_fixture(&fixture, line);
    double clock = clock_seconds();
    double processor = clock_thread_seconds();
    run_range(&fixture, (struct range){0, 100});
    clock = clock_seconds() - clock;
    processor = clock_thread_seconds() - processor;
    double cost = (double)fixture.tally.wide_sums[1] / 1e9;
    print_message("  cost %.6f s, clock %.6f s, processor %.6f s\n", cost, clock, processor);
    assert_true(cost > 0.08 && cost < 0.12);
    assert_true(clock >= cost - 1e-6);
    if (burn) {
      assert_true(processor >= cost && processor < 1.05 * cost);
    } else {
      assert_true(processor < 0.3 * cost);
    }
    close_fixture(&fixture);
  }
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
      cmocka_unit_test(the_check_of_factors_sees_every_sum),
      cmocka_unit_test(each_part_of_the_check_of_factors_can_fail),
      cmocka_unit_test(bins_are_told_apart),
      cmocka_unit_test(only_a_final_factor_stops_everyone),
      cmocka_unit_test(sleep_takes_its_time),
      cmocka_unit_test(costs_are_known_exactly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
