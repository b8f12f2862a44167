/* What people read of measured cases: times with their intervals, the baseline and the ideal beside
   every speedup, and a word on samples far from the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "formats/format.h"

static json_t *record(const char *interval) {
  char text[1024];
  snprintf(text, sizeof text,
           "{\"workload\": \"pi\", \"params\": {}, \"options\": {\"dispatch\": \"node\"}, "
           "\"ranks\": 3, \"items\": 10,"
           " \"answer\": {}, \"check\": \"ok\", \"run\": {\"start_skew_seconds\": 2e-6, "
           "\"stopped\": \"time\"},"
           " \"seconds\": {\"median\": 0.5, \"ci95\": %s, \"outliers\": 1,"
           " \"samples\": [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.625]},"
           " \"items_per_second\": 20.123456789012344, \"serial\": {\"median\": 0.875}, "
           "\"speedup\": 1.75,"
           " \"ideal\": 2, \"efficiency\": 0.875, \"label\": \"chunk=1\"}",
           interval);
  return json_loads(text, 0, NULL);
}

static const char *print(const char *format, enum report_kind kind, const char *interval) {
  static char text[4096];
  struct report_row row = {.title = "pi --samples 10", .brief = "3.14", .record = record(interval)};
  struct report report = {.version = "1",
                          .environment =
                              json_pack("{s:i, s:i, s:i, s:i, s:b, s:s, s:s, s:s}", "ranks", 3,
                                        "hosts", 1, "threads", 1, "cores", 2, "oversubscribed", 1,
                                        "cpu", "CPU", "isa", "v4", "mpi", "MPI"),
                          .kind = kind,
                          .rows = &row,
                          .count = 1};
  memset(text, 0, sizeof text);
  FILE *out = fmemopen(text, sizeof text - 1, "w");
  assert_non_null(out);
  format_print(format_find(format), &report, out);
  fclose(out);
  json_decref(row.record);
  json_decref(report.environment);
  print_message("%s\n", text);
  return text;
}

static const enum report_kind kinds[] = {REPORT_MEASURED, REPORT_SCALE, REPORT_SWEEP};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void figures_stand_together_in_every_table(void **state) {
  (void)state;
  for (size_t i = 0; i < KINDS; i++) {
    const char *text = print("text", kinds[i], "[0.49, 0.52]");
    assert_non_null(strstr(text, "  seconds        95 %  serial s speedup ideal efficiency"));
    assert_non_null(strstr(text, "      0.5 -2.0/+4.0 %     0.875    1.75     2       0.88"));
    assert_non_null(strstr(text, "start skew 2 us"));
    assert_non_null(strstr(text, "repeats: pi 7 until the time was spent"));
  }
}

static void without_an_interval_there_is_a_dash(void **state) {
  (void)state;
  for (size_t i = 0; i < KINDS; i++) {
    assert_non_null(strstr(print("text", kinds[i], "null"), "      0.5           -     0.875"));
  }
}

static void samples_far_from_the_others_are_pointed_out(void **state) {
  (void)state;
  for (size_t i = 0; i < KINDS; i++) {
    assert_non_null(strstr(print("text", kinds[i], "null"),
                           "far from the other times, and kept in all figures: "));
    assert_non_null(strstr(print("text", kinds[i], "null"), ": 1 of 7\n"));
  }
}

static void csv_has_the_same_figures(void **state) {
  (void)state;
  const char *text = print("csv", REPORT_SWEEP, "[0.49, 0.51]");
  assert_non_null(strstr(text, "serial_seconds,speedup,ideal,efficiency,label,samples,ci95_low"));
  assert_non_null(strstr(text, ",0.5,20.123456789012344,0.875,1.75,2,0.875,chunk=1,7,0.49,0.51,"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(figures_stand_together_in_every_table),
      cmocka_unit_test(without_an_interval_there_is_a_dash),
      cmocka_unit_test(samples_far_from_the_others_are_pointed_out),
      cmocka_unit_test(csv_has_the_same_figures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
