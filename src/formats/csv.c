/* csv: a line a case; or, for a job whose answer is a list, the list itself. */
#include <math.h>
#include <string.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/format.h"

static bool is_list(const struct report *report, size_t index) {
  return report->kind == REPORT_JOBS && report->rows[index].answer.columns > 0;
}

/* "hits=785428 pi=3.14": scalars of an object; lists are left to JSON. */
static void join_fields(const json_t *object, char *text, size_t size) {
  const char *key;
  json_t *value;
  size_t used = 0;
  text[0] = '\0';
  json_object_foreach((json_t *)object, key, value) {
    char field[256];
    if (json_is_array(value) || json_is_object(value) || json_is_null(value)) {
      continue;
    }
    int length = snprintf(text + used, size - used, "%s%s=%s", used == 0 ? "" : " ", key,
                          fields_text(value, 0, field, sizeof field));
    if (length < 0 || (size_t)length >= size - used) {
      return;
    }
    used += (size_t)length;
  }
}

static void add_number(struct table *table, double number) {
  char text[NUMBER_TEXT];
  table_add_cell(table, "%s", isnan(number) ? "" : number_real_text(number, text));
}

static void add_bound(struct table *table, const json_t *interval, size_t index) {
  const json_t *bound = json_array_get(interval, index);
  add_number(table, bound == NULL ? NAN : json_number_value(bound));
}

/* How many samples, and the median's interval. */
static void add_certainty(struct table *table, const json_t *seconds) {
  size_t samples = json_array_size(json_object_get(seconds, "samples"));
  const json_t *interval = json_object_get(seconds, "ci95");
  add_number(table, samples == 0 ? NAN : (double)samples);
  add_bound(table, interval, 0);
  add_bound(table, interval, 1);
}

static void csv_begin(const struct report *report, FILE *out) {
  (void)report, (void)out;
}

static void csv_row(const struct report *report, size_t index, FILE *out) {
  const struct report_row *row = &report->rows[index];
  if (is_list(report, index)) {
    table_print_csv(&row->answer, true, out);
    return;
  }
  static const char *const headings[] = {
      "workload",       "parameters",      "ranks",           "items",
      "answer",         "check",           "seconds",         "items_per_second",
      "serial_seconds", "speedup",         "ideal",           "efficiency",
      "label",          "samples",         "ci95_low",        "ci95_high",
      "serial_samples", "serial_ci95_low", "serial_ci95_high"};
  struct table table;
  char text[1024];
  table_init(&table);
  for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
    table_add_column(&table, headings[i], true);
  }
  const json_t *record = row->record;
  table_add_cell(&table, "%s", json_string_value(json_object_get(record, "workload")));
  join_fields(json_object_get(record, "params"), text, sizeof text);
  table_add_cell(&table, "%s", text);
  table_add_cell(&table, "%s", fields_text(json_object_get(record, "ranks"), 0, text, sizeof text));
  table_add_cell(&table, "%s", fields_text(json_object_get(record, "items"), 0, text, sizeof text));
  join_fields(json_object_get(record, "answer"), text, sizeof text);
  table_add_cell(&table, "%s", text[0] == '\0' ? row->brief : text);
  table_add_cell(&table, "%s", fields_text(json_object_get(record, "check"), 0, text, sizeof text));
  add_number(&table, fields_number(record, "seconds", "median"));
  add_number(&table, fields_number(record, "items_per_second", NULL));
  add_number(&table, fields_number(record, "serial", "median"));
  add_number(&table, fields_number(record, "speedup", NULL));
  add_number(&table, fields_number(record, "ideal", NULL));
  add_number(&table, fields_number(record, "efficiency", NULL));
  const char *label = json_string_value(json_object_get(record, "label"));
  table_add_cell(&table, "%s", label == NULL ? "" : label);
  add_certainty(&table, json_object_get(record, "seconds"));
  add_certainty(&table, json_object_get(record, "serial"));
  table_print_csv(&table, index == 0, out);
  table_free(&table);
}

static void csv_end(const struct report *report, FILE *out) {
  (void)report, (void)out;
}

const struct format csv_format = {
    .name = "csv", .begin = csv_begin, .row = csv_row, .end = csv_end};
