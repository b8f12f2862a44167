/* The kde workload without MPI: known answers, the same answer however the work is cut, and a check
   that notices a wrong tally. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/philox.h"
#include "unit/each_isa.h"
#include "workloads/workload.h"

enum { MOST_OPTIONS = 8 };

static const struct workload *kde;

static const char gauss2d[] = TEST_DATA "/gauss2d-seed123.csv";
static const char ten_points[] = TEST_DATA "/cube3d-ten-points.csv";

struct run {
  void *parameters, *shared;
  struct job job;
  struct tally tally;
};

/* options: names and values in turn, ending with NULL; what fails, fails with `fault`. */
static enum status start(struct run *run, const char *const options[], struct fault *fault) {
  *run = (struct run){.parameters = calloc(1, kde->parameters_size)};
  assert_non_null(run->parameters);
  options_set_standards(kde->options, run->parameters);
  for (size_t i = 0; options[i] != NULL; i += 2) {
    const struct option_row *row = options_find(kde->options, options[i]);
    assert_non_null(row);
    assert_int_equal(options_set(row, run->parameters, options[i + 1], fault), STATUS_OK);
  }
  struct blob blob = {0};
  run->job = (struct job){.parameters = run->parameters, .seed = 1, .workers = 3};
  if (kde->validate(run->parameters, fault) != STATUS_OK ||
      kde->load(&run->job, &blob, fault) != STATUS_OK) {
    return fault->status;
  }
  run->shared = aligned_alloc(64, (blob.size + 63) / 64 * 64);
  assert_non_null(run->shared);
  memcpy(run->shared, blob.bytes, blob.size);
  free(blob.bytes);
  run->job.shared = run->shared;
  run->job.shared_size = blob.size;
  assert_int_equal(kde->prepare(&run->job, fault), STATUS_OK);
  return tally_init(&run->tally, kde->shape(&run->job), fault);
}

/* All items in `pieces` ranges, backwards, cut at random multiples of the grain. */
static void work(struct run *run, uint64_t pieces) {
  struct fault fault;
  uint64_t items = kde->items(&run->job);
  uint64_t grain = kde->grain(&run->job);
  uint64_t grains = (items + grain - 1) / grain;
  uint64_t hi = items;
  for (uint64_t piece = pieces; piece-- > 0;) {
    uint64_t cut = piece == 0 ? 0 : philox_block(9, piece).word[0] % grains * grain;
    if (cut < hi) {
      assert_int_equal(kde->run(&run->job, (struct range){cut, hi}, &run->tally, &fault),
                       STATUS_OK);
      hi = cut;
    }
  }
}

/* The answer as text; *right is what the check said. */
static char *finish(struct run *run, bool *right) {
  struct fault fault;
  struct outcome outcome = {.answer = json_object(), .facts = json_object()};
  assert_int_equal(kde->finish(&run->job, &run->tally, &outcome, &fault), STATUS_OK);
  char *text = json_dumps(outcome.answer, JSON_SORT_KEYS);
  *right = outcome.right;
  json_decref(outcome.answer);
  json_decref(outcome.facts);
  return text;
}

static void stop(struct run *run) {
  tally_free(&run->tally);
  kde->release(&run->job);
  options_free(kde->options, run->parameters);
  free(run->parameters);
  free(run->shared);
}

static char *answer(const char *const options[], uint64_t pieces) {
  struct run run;
  struct fault fault;
  bool right;
  assert_int_equal(start(&run, options, &fault), STATUS_OK);
  work(&run, pieces);
  char *text = finish(&run, &right);
  assert_true(right);
  stop(&run);
  return text;
}

static void refuse(const char *const options[], const char *naming) {
  struct run run;
  struct fault fault;
  assert_int_equal(start(&run, options, &fault), STATUS_USAGE);
  assert_non_null(strstr(fault.text, naming));
  stop(&run);
}

/* densities and counts of the first point of an answer, by width */
static json_t *first_point(const char *text) {
  json_t *root = json_loads(text, 0, NULL);
  json_t *point = json_incref(json_array_get(json_object_get(root, "points"), 0));
  json_decref(root);
  return point;
}

static void test_known(void **state) {
  (void)state;
  static const int counts[] = {16, 61, 135, 247, 390, 547, 742, 939, 1194, 1445, 1728, 2022};
  static const double densities[] = {0.16, 0.1525, 0.15, 0.154375, 0.156};
  char *text = answer((const char *[]){"--data", gauss2d, "--widths", "0.1:1.2:0.1", NULL}, 1);
  json_t *point = first_point(text);
  for (size_t w = 0; w < 12; w++) {
    json_t *count = json_array_get(json_object_get(point, "counts"), w);
    assert_int_equal(json_integer_value(count), counts[w]);
    if (w < 5) {
      json_t *density = json_array_get(json_object_get(point, "densities"), w);
      assert_true(fabs(json_real_value(density) - densities[w]) < 1e-15);
    }
  }
  json_decref(point);
  free(text);
  text = answer((const char *[]){"--data", ten_points, "--widths", "1", NULL}, 1);
  point = first_point(text);
  assert_true(json_real_value(json_array_get(json_object_get(point, "densities"), 0)) == 0.3);
  json_decref(point);
  free(text);
}

static const double ten[10][3] = {{0, 0, 0},       {.2, .2, .2},  {.1, -.1, -.3}, {-1.2, .3, -.3},
                                  {.8, -.82, -.9}, {1, .6, -.7},  {.8, .7, .2},   {.7, -.8, -.45},
                                  {-.3, .6, .9},   {.7, -.6, -.8}};

/* The smooth kernels' densities of the ten points, with their factors before the sum. */
static void test_smooth_densities(void **state) {
  (void)state;
  for (int gauss = 0; gauss < 2; gauss++) {
    char *text =
        answer((const char *[]){"--data", ten_points, "--widths", "0.8,1.5", "--at", "0.1,0,-0.2",
                                "--kernel", gauss ? "gauss" : "epanechnikov", NULL},
               1);
    json_t *point = first_point(text);
    assert_null(json_object_get(point, "counts"));
    for (size_t w = 0; w < 2; w++) {
      static const double at[3] = {0.1, 0, -0.2};
      long double h = w == 0 ? 0.8L : 1.5L;
      long double sum = 0;
      for (size_t i = 0; i < 10; i++) {
        long double term = 1;
        for (size_t j = 0; j < 3; j++) {
          long double u = ((long double)at[j] - ten[i][j]) / h;
          term *= gauss           ? expl(-u * u / 2) / sqrtl(2 * acosl(-1))
                  : fabsl(u) <= 1 ? 0.75L * (1 - u * u)
                                  : 0;
        }
        sum += term / (10 * h * h * h);
      }
      double found = json_real_value(json_array_get(json_object_get(point, "densities"), w));
      assert_true(fabsl(found - sum) < 1e-14L * sum);
    }
    json_decref(point);
    free(text);
  }
}

/* One answer for every cut, split and instruction set. */
static void test_one_answer(void **state) {
  (void)state;
  /* Blocks of samples: whole ones and a rest that is no multiple of the grain; and less than one.
   */
  static const char *const cases[][2] = {
      {"40001,2", "-1:1:n3,0:2:n2"}, {"3000,3", "0,1,0.5"}, {"700,40", NULL}, {"1,1", "-1:1:n5"}};
  static const char *const kernels[] = {"cube", "gauss", "epanechnikov"};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    for (size_t k = 0; k < 3; k++) {
      const char *options[2 * MOST_OPTIONS] = {
          "--normal", cases[c][0], "--widths",
          NULL,       "--kernel",  kernels[k],
          "--split",  "samples",   cases[c][1] != NULL ? "--at" : NULL,
          cases[c][1]};
      options[3] = c == 2 ? "5,6,9" : "0.5,1e-3,2,2,5";
      assert_true(use_isa(ISA_BASELINE));
      char *expected = answer(options, 1);
      for (enum isa isa = ISA_BASELINE; isa <= ISA_V4; isa++) {
        if (!use_isa(isa)) {
          continue;
        }
        for (int by_widths = 0; by_widths < 2; by_widths++) {
          options[7] = by_widths ? "widths" : "samples";
          char *text = answer(options, 23);
          assert_string_equal(text, expected);
          free(text);
        }
      }
      free(expected);
    }
  }
}

/* One sample too many, or a sum that is off by a little, must be noticed. */
static void test_check(void **state) {
  (void)state;
  static const char *const kernels[] = {"cube", "gauss", "epanechnikov"};
  for (size_t k = 0; k < 3; k++) {
    for (int wrong = 0; wrong < 2; wrong++) {
      struct run run;
      struct fault fault;
      bool right;
      const char *const options[] = {"--normal", "10000,2",  "--widths", "0.7",
                                     "--kernel", kernels[k], NULL};
      assert_int_equal(start(&run, options, &fault), STATUS_OK);
      work(&run, 5);
      if (k == 0) {
        run.tally.sums[0] -= (uint64_t)wrong;
      } else { /* 2^-46 of the peak, of the mean */
        run.tally.wide_sums[0] += (uint128_t)(wrong * 10000) << 6;
      }
      free(finish(&run, &right));
      assert_int_equal(right, !wrong);
      stop(&run);
    }
  }
}

static void test_refusals(void **state) {
  (void)state;
  refuse((const char *[]){"--widths", "0,1", NULL}, "--widths: 0 ");
  refuse((const char *[]){"--widths", "1e-200", "--kernel", "gauss", NULL}, "1e-200");
  refuse((const char *[]){"--widths", "1e200", "--kernel", "epanechnikov", NULL}, "1e+200");
  refuse((const char *[]){"--widths", "1", "--at", "0,0,0", NULL}, "--at");
  free(answer((const char *[]){"--widths", "1e-200,1e200", NULL}, 1));
}

int main(void) {
  kde = workload_find("kde");
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_known),      cmocka_unit_test(test_smooth_densities),
      cmocka_unit_test(test_one_answer), cmocka_unit_test(test_check),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
