/* Distributions of costs: their means, bounds and shares, and single values that another
   implementation of Philox gave. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "kernels/cost.h"

enum { COUNT = 200000 };

static struct cost parse(const char *text) {
  struct cost cost;
  struct fault fault = {.text = ""};
  print_message("%s\n", text);
  assert_int_equal(cost_parse(text, &cost, &fault), STATUS_OK);
  return cost;
}

struct summary {
  double mean, least, greatest;
};

static struct summary summarise(const struct cost *cost, uint64_t seed) {
  struct summary summary = {0, INFINITY, 0};
  for (uint64_t task = 0; task < COUNT; task++) {
    double value = cost_of(cost, seed, task, COUNT);
    summary.mean += value / COUNT;
    summary.least = fmin(summary.least, value);
    summary.greatest = fmax(summary.greatest, value);
  }
  print_message("  mean %.6g, %.6g to %.6g\n", summary.mean, summary.least, summary.greatest);
  return summary;
}

/* The share of tasks whose cost lies above a threshold. */
static double share_above(const struct cost *cost, double threshold) {
  uint64_t above = 0;
  for (uint64_t task = 0; task < COUNT; task++) {
    above += cost_of(cost, 1, task, COUNT) > threshold;
  }
  return (double)above / COUNT;
}

/* `share` within 5 standard errors of the expected one. */
static void assert_share(double share, double expected) {
  assert_true(fabs(share - expected) < 5 * sqrt(expected * (1 - expected) / COUNT));
}

static void fixed_costs_are_all_alike(void **state) {
  (void)state;
  struct cost cost = parse("1.5ms");
  struct summary summary = summarise(&cost, 1);
  assert_true(summary.least == 1.5e-3 && summary.greatest == 1.5e-3);
  cost = parse("0s");
  assert_true(cost_of(&cost, 1, 0, 1) == 0);
}

/* Means within 5 standard errors, from the distributions' own standard deviations. */

static void uniform_costs(void **state) {
  (void)state;
  struct cost cost = parse("uniform:1s");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    struct summary summary = summarise(&cost, seed);
    assert_true(fabs(summary.mean - 1) < 5 * sqrt(1.0 / 12 / COUNT));
    assert_true(summary.least > 0.5 && summary.least < 0.5 + 1e-4);
    assert_true(summary.greatest < 1.5 && summary.greatest > 1.5 - 1e-4);
  }
  for (int quarter = 1; quarter < 4; quarter++) {
    assert_share(share_above(&cost, 0.5 + quarter / 4.0), 1 - quarter / 4.0);
  }
}

static void exponential_costs(void **state) {
  (void)state;
  struct cost cost = parse("exponential:1s");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    struct summary summary = summarise(&cost, seed);
    assert_true(fabs(summary.mean - 1) < 5 * sqrt(1.0 / COUNT));
    assert_true(summary.least > 0 && summary.greatest < 53 * log(2));
  }
  static const double thresholds[] = {0.1, 0.5, 1, 2, 4};
  for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++) {
    assert_share(share_above(&cost, thresholds[i]), exp(-thresholds[i]));
  }
}

static void bimodal_costs(void **state) {
  (void)state;
  struct cost cost = parse("bimodal:1s");
  struct summary summary = summarise(&cost, 1);
  assert_true(summary.least == 1 && summary.greatest == 100);
  assert_true(fabs(summary.mean - 1.99) < 5 * 99 * sqrt(0.01 * 0.99 / COUNT));
  assert_share(share_above(&cost, 1), 0.01);
  assert_true(share_above(&cost, 1) == share_above(&cost, 99.9)); /* nothing between */
}

static void increasing_costs(void **state) {
  (void)state;
  struct cost cost = parse("increasing:1s");
  struct summary summary = summarise(&cost, 1);
  assert_true(fabs(summary.mean - 1) < 1e-12);
  assert_true(cost_of(&cost, 1, 0, COUNT) == 0 && cost_of(&cost, 1, COUNT - 1, COUNT) == 2);
  for (uint64_t task = 1; task < COUNT; task++) {
    assert_true(cost_of(&cost, 1, task, COUNT) > cost_of(&cost, 1, task - 1, COUNT));
  }
  assert_true(cost_of(&cost, 1, 0, 1) == 1); /* the only task costs the mean */
}

static void costs_scale_with_the_time(void **state) {
  (void)state;
  static const char *const pairs[][2] = {{"1s", "1ms"},
                                         {"uniform:1s", "uniform:1ms"},
                                         {"exponential:1s", "exponential:1ms"},
                                         {"bimodal:1s", "bimodal:1ms"},
                                         {"increasing:1s", "increasing:1ms"}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    struct cost seconds = parse(pairs[i][0]);
    struct cost milliseconds = parse(pairs[i][1]);
    for (uint64_t task = 0; task < 100; task++) {
      double value = cost_of(&seconds, 1, task, 100);
      assert_true(fabs(1000 * cost_of(&milliseconds, 1, task, 100) - value) <= 1e-15 * value);
    }
  }
}

/* From Philox4x32-10 written in Python, checked against the known answers of its authors. The
   logarithm is our own, so its last bit is pinned too. */
static void values_never_change(void **state) {
  (void)state;
  static const struct {
    uint64_t seed, task;
    double uniform, exponential;
  } known[] = {
      {1, 0, 0x1.09e4ce305eacep+0, 0x1.3cc57009ae5acp-1},
      {1, 1, 0x1.b3a68a6770a19p-1, 0x1.0c1c93c33f81ep+0},
      {1, 999, 0x1.8db2eb23944e3p-1, 0x1.48dcdf36bd417p+0},
      {7, (UINT64_C(1) << 40) + 5, 0x1.756f19d72e0fbp-1, 0x1.78f25e6486115p+0},
      {INT64_MAX, 12345, 0x1.89abd746167c5p-1, 0x1.503ea70f17a2ep+0},
  };
  struct cost uniform = parse("uniform:1s");
  struct cost exponential = parse("exponential:1s");
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    assert_true(cost_of(&uniform, known[i].seed, known[i].task, 1) == known[i].uniform);
    assert_true(cost_of(&exponential, known[i].seed, known[i].task, 1) == known[i].exponential);
  }
  static const uint64_t expensive[] = {25, 117, 150, 411, 417, 695, 746, 793, 799, 846, 925};
  struct cost bimodal = parse("bimodal:1s");
  size_t found = 0;
  for (uint64_t task = 0; task < 1000; task++) {
    if (cost_of(&bimodal, 1, task, 1000) == 100) {
      assert_true(task == expensive[found]);
      found++;
    }
  }
  assert_int_equal(found, sizeof expensive / sizeof expensive[0]);
}

static void wrong_costs_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"1", "has no unit: accepted are times such as 1s"},
      {"ms", "is not a cost"},
      {"-1ms", "is not a cost"},
      {"1ms ", "is not a cost"},
      {"uniform", "is not a cost"},
      {"uniform:", "is not a cost"},
      {"uniform:1", "has no unit: accepted are times such as 1s"},
      {"uniform:-1ms", "is not a cost"},
      {"Uniform:1ms", "is not a cost"},
      {"uni:1ms", "is not a cost"},
      {"uniforms:1ms", "is not a cost"},
      {":1ms", "is not a cost"},
      {"fixed:1ms", "is not a cost"},
      {"uniform:uniform:1ms", "is not a cost"},
      {"1ms:uniform", "is not a cost"},
      {"gauss:1ms", "accepted are times such as 20s"},
      {"1000001s", "is too large"},
      {"bimodal:1e300min", "is too large"},
      {"1e999s", "is too large"},
      {"gauss:1e999s", "is not a cost"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct cost cost = {.seconds = 42};
    struct fault fault = {.text = ""};
    assert_int_equal(cost_parse(cases[i].text, &cost, &fault), STATUS_USAGE);
    print_message("%s\n", fault.text);
    assert_non_null(strstr(fault.text, cases[i].text));
    assert_non_null(strstr(fault.text, cases[i].says));
    assert_true(cost.seconds == 42);
  }
  parse("1000000s");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fixed_costs_are_all_alike), cmocka_unit_test(uniform_costs),
      cmocka_unit_test(exponential_costs),         cmocka_unit_test(bimodal_costs),
      cmocka_unit_test(increasing_costs),          cmocka_unit_test(costs_scale_with_the_time),
      cmocka_unit_test(values_never_change),       cmocka_unit_test(wrong_costs_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
