/* The shared array: rows dealt to all, seen by all; and whatever is wrong in it is found out. */
#include "mpi/mpi_test.h"

#include <math.h>
#include <string.h>

#include "kernels/uniforms.h"
#include "probes/array_values.h"
#include "probes/array_verdict.h"

/* A change to the array between two steps, by one rank or all. */
typedef void damage(struct array_memory *memory, struct array_steps *steps);

struct study {
  uint64_t rows, cols;
  enum array_fill fill;
  bool streaming;
  damage *touched, *written, *verified; /* after that step; NULL: none */

  enum status status;
  bool right; /* the rest on rank 0 */
  char text[160];
  uint64_t confirmed;
  uint128_t sum;
  json_t *facts;
};

static const uint64_t SEED = 77;

static void apply(damage *act, struct array_memory *memory, struct array_steps *steps) {
  array_memory_exchange(memory);
  if (act != NULL) {
    act(memory, steps);
  }
  array_memory_exchange(memory);
}

static void judge(struct study *study, const struct array_steps *steps) {
  struct array_verdict verdict;
  struct fault fault;
  study->status = array_verdict_open(&verdict, steps, &fault);
  study->right = false;
  if (test_team.rank == 0 && study->status == STATUS_OK) {
    study->right = array_verdict_right(&verdict, study->text, sizeof study->text);
    study->confirmed = array_verdict_confirmed(&verdict);
    study->sum = array_verdict_sum(&verdict);
    study->facts = json_object();
    array_verdict_facts(&verdict, study->facts);
  }
  study->right = team_share_verdict(&test_team, study->right);
  array_verdict_close(&verdict);
}

static void run(struct study *study) {
  struct array_memory memory;
  struct array_steps steps;
  struct fault fault;
  study->facts = NULL;
  study->status = array_memory_open(&memory, &test_team, study->rows, study->cols, &fault);
  assert_on_all_ranks(study->status == STATUS_OK);
  assert_on_all_ranks((uintptr_t)memory.values % 64 == 0);
  array_steps_open(&steps, &memory, study->fill, SEED, &fault);
  steps.streaming = study->streaming;
  array_steps_touch(&steps);
  apply(study->touched, &memory, &steps);
  array_steps_expect(&steps);
  array_steps_write(&steps);
  apply(study->written, &memory, &steps);
  array_steps_verify(&steps);
  apply(study->verified, &memory, &steps);
  judge(study, &steps);
  array_steps_close(&steps);
  array_memory_close(&memory);
}

static uint128_t defined_sum(uint64_t count) {
  uint128_t sum = 0;
  for (uint64_t i = 0; i < count; i++) {
    sum += (uint64_t)(uniform_at(SEED, i) * 0x1p53);
  }
  return sum;
}

static uint64_t sum_of_column(const json_t *facts, const char *name) {
  uint64_t sum = 0;
  size_t index;
  json_t *row;
  json_array_foreach(json_object_get(facts, "per_rank"), index, row) {
    sum += (uint64_t)json_integer_value(json_object_get(row, name));
  }
  return sum;
}

static void expect_right(uint64_t rows, uint64_t cols) {
  for (int way = 0; way < 4; way++) {
    struct study study = {.rows = rows,
                          .cols = cols,
                          .fill = way % 2 == 0 ? ARRAY_FILL_RANK : ARRAY_FILL_RANDOM,
                          .streaming = way >= 2};
    run(&study);
    bool here = test_team.rank != 0 ||
                (study.confirmed == rows * cols && sum_of_column(study.facts, "rows") == rows &&
                 sum_of_column(study.facts, "values") == rows * cols &&
                 (study.fill == ARRAY_FILL_RANK || study.sum == defined_sum(rows * cols)));
    if (!study.right) {
      fprintf(stderr, "%s\n", study.text);
    }
    json_decref(study.facts);
    assert_on_all_ranks(study.right);
    assert_on_all_ranks(here);
  }
}

static void all_shapes(void **state) {
  (void)state;
  static const uint64_t shapes[][2] = {{1, 1},   {1, 1001}, {2, 3},     {3, 2},      {5, 8191},
                                       {7, 513}, {8, 4096}, {101, 333}, {1001, 127}, {64, 1}};
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    expect_right(shapes[i][0], shapes[i][1]);
  }
}

/* Wrong things. Each is done by one rank to one place, most of them to a row of the last rank. */
enum { ROWS = 67, COLS = 129 };

static double *last_row(struct array_memory *memory) {
  return array_memory_row(memory, ROWS - 1);
}

static bool is_last(void) {
  return test_team.rank == test_team.size - 1;
}

static void fill_row(double *row, double value) {
  for (size_t i = 0; i < COLS; i++) {
    row[i] = value;
  }
}

static void forget_a_row(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (is_last()) {
    fill_row(last_row(memory), ARRAY_DEFAULT);
  }
}

static void forget_a_value(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (is_last()) {
    last_row(memory)[COLS - 1] = ARRAY_DEFAULT;
  }
}

static void write_a_row_of_the_last(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (test_team.rank == 0) {
    fill_row(last_row(memory), array_mark(test_team.size == 1 ? 1 : 0));
  }
}

/* As many of each value as before. */
static void exchange_rows(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (test_team.rank == 0) {
    fill_row(last_row(memory), array_mark(0));
    fill_row(array_memory_row(memory, 0), array_mark(test_team.size - 1));
  }
}

static void write_a_stranger(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (test_team.rank == 0) {
    last_row(memory)[COLS / 2] = NAN;
  }
}

static void touch_with_another_default(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (is_last()) {
    last_row(memory)[1] = nextafter(ARRAY_DEFAULT, 0);
  }
}

static void write_before_all_have_looked(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (test_team.rank == 0) {
    fill_row(last_row(memory), array_mark(0));
  }
}

static void change_a_bit(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (is_last()) {
    last_row(memory)[7] += 0x1p-53;
  }
}

/* The same sum as before. */
static void exchange_values(struct array_memory *memory, struct array_steps *steps) {
  (void)steps;
  if (is_last()) {
    double *row = last_row(memory);
    double first = row[0];
    row[0] = row[1];
    row[1] = first;
  }
}

static void count_one_less(struct array_memory *memory, struct array_steps *steps) {
  (void)memory;
  if (is_last()) {
    steps->findings.rows--;
  }
}

static void count_a_value_twice(struct array_memory *memory, struct array_steps *steps) {
  (void)memory;
  if (is_last()) {
    steps->counts[0]++;
  }
}

static void add_up_wrongly(struct array_memory *memory, struct array_steps *steps) {
  (void)memory;
  if (is_last()) {
    steps->findings.seen_sum[1]++;
  }
}

static void expect_wrong(enum array_fill fill, damage *touched, damage *written,
                         const char *words) {
  struct study study = {
      .rows = ROWS, .cols = COLS, .fill = fill, .touched = touched, .written = written};
  run(&study);
  json_decref(study.facts);
  if (test_team.rank == 0) {
    print_message("%s\n", study.text);
  }
  assert_on_all_ranks(!study.right);
  assert_on_all_ranks(test_team.rank != 0 || strstr(study.text, words) != NULL);
}

static void wrong_values_are_found(void **state) {
  (void)state;
  expect_wrong(ARRAY_FILL_RANK, NULL, forget_a_row, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANK, NULL, forget_a_value, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANK, NULL, write_a_row_of_the_last, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANK, NULL, write_a_stranger, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANDOM, NULL, forget_a_row, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANDOM, NULL, change_a_bit, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANDOM, NULL, exchange_values, "in the rows of rank");
  expect_wrong(ARRAY_FILL_RANK, NULL, count_one_less, "not dealt evenly");
  if (test_team.size > 1) {
    expect_wrong(ARRAY_FILL_RANK, NULL, exchange_rows, "in the rows of rank 0");
  }
}

static void whoever_counts_wrongly_is_found(void **state) {
  (void)state;
  struct {
    enum array_fill fill;
    damage *act;
    const char *words;
  } wrong[] = {{ARRAY_FILL_RANK, count_a_value_twice, "0, the value of rank 0, occurs"},
               {ARRAY_FILL_RANDOM, add_up_wrongly, "the values add up to"}};
  for (size_t i = 0; i < 2; i++) {
    struct study study = {
        .rows = ROWS, .cols = COLS, .fill = wrong[i].fill, .verified = wrong[i].act};
    run(&study);
    json_decref(study.facts);
    assert_on_all_ranks(!study.right);
    assert_on_all_ranks(test_team.rank != 0 || strstr(study.text, wrong[i].words) != NULL);
  }
}

static void a_wrong_default_is_found(void **state) {
  (void)state;
  for (int fill = ARRAY_FILL_RANK; fill <= ARRAY_FILL_RANDOM; fill++) {
    enum array_fill wanted = (enum array_fill)fill;
    expect_wrong(wanted, touch_with_another_default, NULL, "1 values were not the default");
    expect_wrong(wanted, write_before_all_have_looked, NULL, "129 values were not the default");
  }
}

static void marks_and_counts(void **state) {
  (void)state;
  enum { RANKS = 60 };
  uint64_t counts[RANKS + ARRAY_OTHER_COUNTS] = {0};
  const double strangers[] = {NAN, INFINITY, -1, -0.0, 0.5, 61, 1e300, 41.5};
  for (int rank = 0; rank < RANKS; rank++) {
    double mark = array_mark(rank);
    assert_true(mark != ARRAY_DEFAULT && (rank == 0 || mark > array_mark(rank - 1)));
    array_count_values(&mark, 1, RANKS, counts);
    assert_int_equal(counts[rank], 1);
  }
  array_count_values(strangers, 8, RANKS, counts);
  assert_int_equal(counts[RANKS + ARRAY_STRANGERS], 8);
  const double standard = ARRAY_DEFAULT;
  array_count_values(&standard, 1, RANKS, counts);
  assert_int_equal(counts[RANKS + ARRAY_DEFAULTS], 1);
}

static void sizes_do_not_overflow(void **state) {
  (void)state;
  const uint64_t most = UINT64_C(1) << 59;
  assert_int_equal(array_memory_size(3, 5), 120);
  assert_true(array_memory_size(1, most) == most * 8);
  assert_true(array_memory_size(most, 1) == most * 8);
  assert_int_equal(array_memory_size(most + 1, 1), 0);
  assert_int_equal(array_memory_size(2, most / 2 + 1), 0);
  assert_int_equal(array_memory_size(UINT64_C(1) << 32, UINT64_C(1) << 32), 0);
  assert_int_equal(array_memory_size(UINT64_MAX, UINT64_MAX), 0);
}

/* Refused by all, before anything is allocated. */
static void too_much_is_refused(void **state) {
  (void)state;
  struct array_memory memory;
  struct fault fault;
  enum status status =
      array_memory_open(&memory, &test_team, UINT64_C(1) << 20, UINT64_C(1) << 36, &fault);
  assert_on_all_ranks(status == STATUS_FAILED);
  assert_on_all_ranks(strstr(fault.text, "--rows, --cols: ") != NULL &&
                      strstr(fault.text, "available") != NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_shapes),
      cmocka_unit_test(wrong_values_are_found),
      cmocka_unit_test(whoever_counts_wrongly_is_found),
      cmocka_unit_test(marks_and_counts),
      cmocka_unit_test(a_wrong_default_is_found),
      cmocka_unit_test(too_much_is_refused),
      cmocka_unit_test(sizes_do_not_overflow),
  };
  RUN_ON_ALL_RANKS(tests);
}
