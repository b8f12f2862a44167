/* text: for people at a terminal. A single job shows its answer in full; the suite is a table with
   a line a case. */
#include <math.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/format.h"
#include "formats/measured.h"
#include "formats/rank_tables.h"

/* The scalars of an object, a line each; lists have their table. */
static void print_fields(const json_t *object, FILE *out) {
  const char *key;
  json_t *value;
  char text[256];
  json_object_foreach((json_t *)object, key, value) {
    if (!json_is_array(value) && !json_is_object(value)) {
      fprintf(out, "  %-20s %s\n", key, fields_text(value, 9, text, sizeof text));
    }
  }
}

/* Facts that are lists of alike objects, a table each: what every rank did. */
static void print_lists(const json_t *facts, FILE *out) {
  const char *key;
  json_t *list;
  json_object_foreach((json_t *)facts, key, list) {
    struct table table;
    table_init(&table);
    fields_list(list, &table);
    if (table.columns > 0) {
      fprintf(out, "  %s\n", key);
      table_print(&table, 4, out);
    }
    table_free(&table);
  }
}

/* What a doctor found: each problem with what mends it. */
static void print_problems(const json_t *answer, FILE *out) {
  size_t index;
  json_t *found;
  json_array_foreach(json_object_get(answer, "problems"), index, found) {
    fprintf(out, "  problem: %s\n    -> %s\n", json_string_value(json_object_get(found, "problem")),
            json_string_value(json_object_get(found, "remedy")));
  }
}

static void print_early_exit(const struct report_row *row, FILE *out) {
  double stop = fields_number(row->record, "run", "stop_seconds");
  double wasted = fields_number(row->record, "run", "wasted");
  char text[NUMBER_TEXT];
  if (!isnan(stop)) {
    fprintf(out, "  %-20s the last rank stopped %.2f ms after the find; %s %ss done in vain\n",
            "early exit", 1e3 * stop, number_rate_text(wasted, text), row->item);
  }
}

static double threads_of(const json_t *record) {
  return fields_number(record, "options", "threads");
}

/* How evenly the work lay on the ranks, or on all their threads; on one there is nothing to
 * balance.
 */
static void print_balance(const struct report_row *row, FILE *out) {
  double most = fields_number(row->record, "run", "busy_max");
  double mean = fields_number(row->record, "run", "busy_mean");
  double seconds = fields_number(row->record, "seconds", "median");
  double threads = threads_of(row->record);
  const char *worker = threads > 1 ? "thread" : "rank";
  if (threads * fields_number(row->record, "ranks", NULL) > 1 && mean > 0) {
    fprintf(out, "  %-20s busiest %s %.2f times the mean; %.0f chunks; %ss idle %.1f %%\n",
            "balance", worker, most / mean, fields_number(row->record, "run", "chunks"), worker,
            100 * fmax(0, 1 - mean / seconds));
  }
}

static void print_job(const struct report_row *row, FILE *out) {
  const json_t *record = row->record;
  char text[NUMBER_TEXT];
  char workers[64];
  fprintf(out, "%s\n", row->title);
  print_fields(json_object_get(record, "answer"), out);
  if (row->answer.columns > 0) {
    table_print(&row->answer, 2, out);
  }
  print_fields(row->facts, out);
  print_lists(row->facts, out);
  print_problems(json_object_get(record, "answer"), out);
  fprintf(out, "  %-20s %s: %s\n", "check", json_string_value(json_object_get(record, "check")),
          row->check);
  print_early_exit(row, out);
  print_balance(row, out);
  rank_tables_print(row, out);
  fields_workers(fields_number(record, "ranks", NULL), threads_of(record), workers, sizeof workers);
  fprintf(out, "  %-20s %s on %s", "time",
          number_time_text(fields_number(record, "seconds", "median"), text), workers);
  double per_second = fields_number(record, "items_per_second", NULL);
  if (per_second > 0) {
    fprintf(out, ", %s %ss/s", number_rate_text(per_second, text), row->item);
  }
  fputc('\n', out);
}

static void text_begin(const struct report *report, FILE *out) {
  if (report->kind != REPORT_JOBS) {
    measured_begin(report, out);
  }
}

static void text_row(const struct report *report, size_t index, FILE *out) {
  if (report->kind != REPORT_JOBS) {
    measured_row(report, index, out);
    return;
  }
  if (index > 0) {
    fputc('\n', out);
  }
  print_job(&report->rows[index], out);
}

static void text_end(const struct report *report, FILE *out) {
  if (report->kind != REPORT_JOBS) {
    measured_end(report, out);
  }
}

const struct format text_format = {
    .name = "text", .begin = text_begin, .row = text_row, .end = text_end};
