/* The tables of what each rank did: percents of equal stretches, put into tenths of the run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "formats/rank_tables.h"

/* Of a rank the percents of `count` stretches: `busy` of them, the first ones, 100, the others 0.
 */
static json_t *stretches(double busy, size_t count) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    double rest = busy - (double)i;
    double share = rest > 1 ? 1 : rest < 0 ? 0 : rest;
    json_array_append_new(list, json_integer((json_int_t)(100 * share)));
  }
  return list;
}

/* Of a run of `seconds`, in stretches of a second each. */
static char *print_run(json_t *ranks, double seconds, int threads) {
  char *text;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  json_t *record =
      json_pack("{s:{s:{s:f, s:f, s:o}}, s:{s:i}}", "run", "timeline", "seconds", seconds,
                "stretch_seconds", 1.0, "core_percent", ranks, "options", "threads", threads);
  struct report_row row = {.item = "task", .record = record};
  assert_true(rank_tables_have(&row));
  rank_tables_print(&row, out);
  json_decref(record);
  fclose(out);
  return text;
}

static char *print(json_t *ranks, int threads) {
  return print_run(ranks, (double)json_array_size(json_array_get(ranks, 0)), threads);
}

static void expect(const char *text, const char *line) {
  if (strstr(text, line) == NULL) {
    fail_msg("'%s' is not in:\n%s", line, text);
  }
}

/* 6.5 of 13 stretches are five tenths. */
static void stretches_are_put_into_tenths(void **state) {
  (void)state;
  json_t *ranks = json_array();
  json_array_append_new(ranks, stretches(6.5, 13));
  json_array_append_new(ranks, stretches(13, 13));
  char *text = print(ranks, 2);
  /* The middle stretch, half of which is busy, lies in two tenths. */
  expect(text,
         "\n            0   100   100   100   100    81    19     0     0     0     0     50\n");
  expect(text,
         "\n            1   100   100   100   100   100   100   100   100   100   100    100\n");
  expect(text,
         "\n        cores  4.00  4.00  4.00  4.00  3.62  2.38  2.00  2.00  2.00  2.00   3.00\n");
  free(text);
}

static void fewer_stretches_than_tenths_are_spread(void **state) {
  (void)state;
  json_t *ranks = json_array();
  json_array_append_new(ranks, stretches(1, 4));
  char *text = print(ranks, 1);
  expect(text,
         "\n            0   100   100    50     0     0     0     0     0     0     0     25\n");
  free(text);
}

/* 20.25 stretches, in the last of which nothing was done any more: a fraction of a tenth. */
static void the_last_stretch_need_not_be_whole(void **state) {
  (void)state;
  json_t *ranks = json_array();
  json_array_append_new(ranks, stretches(20, 21));
  char *text = print_run(ranks, 20.25, 1);
  expect(text,
         "\n            0   100   100   100   100   100   100   100   100   100    88     99\n");
  free(text);
}

static void many_ranks_share_lines(void **state) {
  (void)state;
  json_t *ranks = json_array();
  for (int rank = 0; rank < 70; rank++) {
    json_array_append_new(ranks, stretches(rank % 2 == 0 ? 10 : 0, 10));
  }
  char *text = print(ranks, 1);
  expect(text, "\n          0-2    67    67");
  expect(text, "\n          3-5    33    33");
  expect(text, "\n           69     0     0");
  free(text);
}

static void other_records_have_none(void **state) {
  (void)state;
  json_t *record = json_pack("{s:{s:i}}", "run", "ranks", 3); /* a number of a probe's own */
  struct report_row row = {.record = record};
  assert_false(rank_tables_have(&row));
  json_decref(record);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stretches_are_put_into_tenths),
      cmocka_unit_test(fewer_stretches_than_tenths_are_spread),
      cmocka_unit_test(the_last_stretch_need_not_be_whole),
      cmocka_unit_test(many_ranks_share_lines),
      cmocka_unit_test(other_records_have_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
