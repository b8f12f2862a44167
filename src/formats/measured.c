#include "formats/measured.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/measured_notes.h"

enum { SPREAD = 32 };

static void print_environment(const struct report *report, FILE *out) {
  const json_t *environment = report->environment;
  char ranks[64];
  int hosts = (int)fields_number(environment, "hosts", NULL);
  int cores = (int)fields_number(environment, "cores", NULL);
  fprintf(out, "parbench %s: %s on %d host%s, %d core%s%s\n%s (%s), %s\n\n", report->version,
          fields_workers(fields_number(environment, "ranks", NULL),
                         fields_number(environment, "threads", NULL), ranks, sizeof ranks),
          hosts, hosts == 1 ? "" : "s", cores, cores == 1 ? "" : "s",
          json_is_true(json_object_get(environment, "oversubscribed")) ? ", oversubscribed" : "",
          json_string_value(json_object_get(environment, "cpu")),
          json_string_value(json_object_get(environment, "isa")),
          json_string_value(json_object_get(environment, "mpi")));
}

/* How far the 95 % interval reaches below and above the median: "-0.4/+1.2 %"; "-" without one. */
static const char *spread_text(const json_t *record, char text[SPREAD]) {
  const json_t *interval = json_object_get(json_object_get(record, "seconds"), "ci95");
  double median = fields_number(record, "seconds", "median");
  if (!json_is_array(interval) || median <= 0) {
    snprintf(text, SPREAD, "-");
  } else {
    double below = 100 * (1 - json_number_value(json_array_get(interval, 0)) / median);
    double above = 100 * (json_number_value(json_array_get(interval, 1)) / median - 1);
    int digits = fmax(below, above) < 9.95;
    snprintf(text, SPREAD, "-%.*f/+%.*f %%", digits, below, digits, above);
  }
  return text;
}

/* What all tables say of a case; a probe need not have a baseline. */
static void print_figures(const json_t *record, FILE *out) {
  char spread[SPREAD];
  double serial = fields_number(record, "serial", "median");
  fprintf(out, "%9.4g %11s ", fields_number(record, "seconds", "median"),
          spread_text(record, spread));
  if (isnan(serial)) {
    fprintf(out, "%9s %7s %5s %10s", "-", "-", "-", "-");
  } else {
    fprintf(out, "%9.4g %7.2f %5.0f %10.2f", serial, fields_number(record, "speedup", NULL),
            fields_number(record, "ideal", NULL), fields_number(record, "efficiency", NULL));
  }
}

static void print_each_heading(const json_t *record, FILE *out) {
  if (fields_is_of_probe(record)) {
    fprintf(out, " %10s", "each");
  }
}

static void print_each(const json_t *record, FILE *out) {
  char text[NUMBER_TEXT];
  if (fields_is_of_probe(record)) {
    double items = fields_number(record, "items", NULL);
    fprintf(out, " %10s",
            number_time_text(fields_number(record, "seconds", "median") / items, text));
  }
}

static void print_headings(FILE *out) {
  fprintf(out, "%9s %11s %9s %7s %5s %10s", "seconds", "95 %", "serial s", "speedup", "ideal",
          "efficiency");
}

/* The serial fraction by Karp and Flatt, where there is one. */
static void print_serial_fraction(const json_t *record, FILE *out) {
  double fraction = fields_number(record, "karp_flatt", NULL);
  if (isnan(fraction)) {
    fprintf(out, " %10s", "-");
  } else {
    fprintf(out, " %10.4f", fraction);
  }
}

/* Which case it is, in a table of cases done one after the other. */
static void print_case(const struct report *report, const char *workload, const char *argument,
                       const char *answer, const char *check, FILE *out) {
  bool tells_apart = report->argument_width > 0;
  fprintf(out, "%-9s ", workload);
  if (tells_apart) {
    fprintf(out, "%*s ", report->argument_width, argument == NULL ? "" : argument);
  }
  fprintf(out, "%-*s %-6s ", tells_apart ? 14 : 22, answer, check);
}

void measured_begin(const struct report *report, FILE *out) {
  print_environment(report, out);
  if (report->kind == REPORT_MEASURED) {
    print_case(report, "workload", "argument", "answer", "check", out);
    print_headings(out);
    fputc('\n', out);
  }
}

/* A table of its own for each job that is scaled. */
static void print_scale_row(const struct report *report, size_t index, FILE *out) {
  const struct report_row *row = &report->rows[index];
  if (index == 0 || strcmp(report->rows[index - 1].title, row->title) != 0) {
    fprintf(out, "%s%s%s\n%6s %-6s ", index == 0 ? "" : "\n", row->title,
            report->weak ? ", weak: N times the job on N ranks" : "", "ranks", "check");
    print_headings(out);
    fprintf(out, " %10s%s", "Karp-Flatt", fields_has_memory_bound(row->record) ? "  memory" : "");
    print_each_heading(row->record, out);
    fputc('\n', out);
  }
  fprintf(out, "%6.0f %-6s ", fields_number(row->record, "ranks", NULL),
          fields_word(row->record, "check"));
  print_figures(row->record, out);
  print_serial_fraction(row->record, out);
  if (fields_has_memory_bound(row->record)) {
    fprintf(out, " %7.2f", fields_number(row->record, "memory_bound", NULL));
  }
  print_each(row->record, out);
  fputc('\n', out);
}

static void print_sweep_row(const struct report *report, size_t index, FILE *out) {
  enum { LABEL_WIDTH = 36 };
  const struct report_row *row = &report->rows[index];
  if (index == 0) {
    fprintf(out, "%-*s %-6s ", LABEL_WIDTH, fields_word(row->record, "workload"), "check");
    print_headings(out);
    print_each_heading(row->record, out);
    fputc('\n', out);
  }
  fprintf(out, "%-*s %-6s ", LABEL_WIDTH, fields_word(row->record, "label"),
          fields_word(row->record, "check"));
  print_figures(row->record, out);
  print_each(row->record, out);
  fputc('\n', out);
}

void measured_row(const struct report *report, size_t index, FILE *out) {
  const struct report_row *row = &report->rows[index];
  switch (report->kind) {
  case REPORT_SCALE:
    print_scale_row(report, index, out);
    break;
  case REPORT_SWEEP:
    print_sweep_row(report, index, out);
    break;
  default:
    print_case(report, fields_word(row->record, "workload"), row->argument, row->brief,
               fields_word(row->record, "check"), out);
    print_figures(row->record, out);
    fputc('\n', out);
  }
}

void measured_end(const struct report *report, FILE *out) {
  fputc('\n', out);
  measured_notes_print(report, out);
}
