#include "formats/measured.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/rank_tables.h"

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

static const char *word(const json_t *record, const char *key) {
  const char *text = json_string_value(json_object_get(record, key));
  return text == NULL ? "" : text;
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

/* Of a probe the time of an item is what matters. */
static bool is_probe(const json_t *record) {
  return json_object_get(json_object_get(record, "options"), "dispatch") == NULL;
}

static void print_each_heading(const json_t *record, FILE *out) {
  if (is_probe(record)) {
    fprintf(out, " %10s", "each");
  }
}

static void print_each(const json_t *record, FILE *out) {
  char text[NUMBER_TEXT];
  if (is_probe(record)) {
    double items = fields_number(record, "items", NULL);
    fprintf(out, " %10s",
            number_time_text(fields_number(record, "seconds", "median") / items, text));
  }
}

/* What memory allows the ranks over one alone, where that was measured. */
static bool has_memory_bound(const json_t *record) {
  return json_object_get(record, "memory_bound") != NULL;
}

static void print_headings(FILE *out) {
  fprintf(out, "%9s %11s %9s %7s %5s %10s", "seconds", "95 %", "serial s", "speedup", "ideal",
          "efficiency");
}

/* The serial fraction by Karp and Flatt; nothing to say on one rank. */
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
    fprintf(out, " %10s%s", "Karp-Flatt", has_memory_bound(row->record) ? "  memory" : "");
    print_each_heading(row->record, out);
    fputc('\n', out);
  }
  fprintf(out, "%6.0f %-6s ", fields_number(row->record, "ranks", NULL),
          word(row->record, "check"));
  print_figures(row->record, out);
  print_serial_fraction(row->record, out);
  if (has_memory_bound(row->record)) {
    fprintf(out, " %7.2f", fields_number(row->record, "memory_bound", NULL));
  }
  print_each(row->record, out);
  fputc('\n', out);
}

static void print_sweep_row(const struct report *report, size_t index, FILE *out) {
  enum { LABEL_WIDTH = 36 };
  const struct report_row *row = &report->rows[index];
  if (index == 0) {
    fprintf(out, "%-*s %-6s ", LABEL_WIDTH, word(row->record, "workload"), "check");
    print_headings(out);
    print_each_heading(row->record, out);
    fputc('\n', out);
  }
  fprintf(out, "%-*s %-6s ", LABEL_WIDTH, word(row->record, "label"), word(row->record, "check"));
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
    print_case(report, word(row->record, "workload"), row->argument, row->brief,
               word(row->record, "check"), out);
    print_figures(row->record, out);
    fputc('\n', out);
  }
}

static void print_case_name(const struct report *report, size_t index, FILE *out) {
  const json_t *record = report->rows[index].record;
  fputs(report->rows[index].title, out);
  if (word(record, "label")[0] != '\0') {
    fprintf(out, ", %s", word(record, "label"));
  }
  if (report->kind == REPORT_SCALE) {
    fprintf(out, ", ranks %.0f", fields_number(record, "ranks", NULL));
  }
}

static size_t repeats_of(const struct report_row *row) {
  return json_array_size(json_object_get(json_object_get(row->record, "seconds"), "samples"));
}

/* What tells a case from the others of the same report. */
static void print_short_name(const struct report *report, size_t index, FILE *out) {
  const struct report_row *row = &report->rows[index];
  if (report->kind == REPORT_SWEEP) {
    fputs(word(row->record, "label"), out);
  } else if (report->kind == REPORT_SCALE) {
    bool single = strcmp(row->title, report->rows[0].title) == 0 &&
                  strcmp(row->title, report->rows[report->count - 1].title) == 0;
    fprintf(out, "%s%sranks %.0f", single ? "" : row->title, single ? "" : ", ",
            fields_number(row->record, "ranks", NULL));
  } else {
    fputs(word(row->record, "workload"), out);
    fprintf(out, "%s%s", row->argument == NULL ? "" : " ",
            row->argument == NULL ? "" : row->argument);
  }
}

/* Samples far off the others, in one line: of many cases the first ones are named. */
static void print_outliers(const struct report *report, FILE *out) {
  enum { NAMED = 5 };
  size_t cases = 0;
  for (size_t i = 0; i < report->count; i++) {
    double outliers = fields_number(report->rows[i].record, "seconds", "outliers");
    if (outliers > 0 && cases++ < NAMED) {
      fputs(cases == 1 ? "far from the other times, and kept in all figures: " : "; ", out);
      print_short_name(report, i, out);
      fprintf(out, ": %.0f of %zu", outliers, repeats_of(&report->rows[i]));
    }
  }
  if (cases > NAMED) {
    fprintf(out, "; and some of %zu more cases", cases - NAMED);
  }
  fputs(cases > 0 ? "\n" : "", out);
}

/* How many repeats there were, and what ended them. Cases that were measured together have equally
   many. */
static void print_repeats(const struct report *report, FILE *out) {
  static const struct {
    const char *stopped, *text;
  } ends[] = {{"narrow", "until the intervals were narrow"},
              {"time", "until the time was spent"},
              {"interrupted", "until the interruption"}};
  const char *comma = "repeats: ";
  for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
    bool any = false;
    for (size_t i = 0; i < report->count; i++) {
      const struct report_row *row = &report->rows[i];
      bool first =
          i == 0 || report->kind == REPORT_MEASURED ||
          (report->kind == REPORT_SCALE && strcmp(row->title, report->rows[i - 1].title) != 0);
      if (first &&
          strcmp(word(json_object_get(row->record, "run"), "stopped"), ends[e].stopped) == 0) {
        fprintf(out, "%s%s%s%s %zu", comma, word(row->record, "workload"),
                row->argument == NULL ? "" : " ", row->argument == NULL ? "" : row->argument,
                repeats_of(row));
        comma = ", ";
        any = true;
      }
    }
    if (any) {
      fprintf(out, " %s", ends[e].text);
      comma = "; ";
    }
  }
  fputc('\n', out);
}

static void print_ranks(const struct report *report, FILE *out) {
  for (size_t i = 0; i < report->count; i++) {
    if (rank_tables_have(&report->rows[i])) {
      print_case_name(report, i, out);
      fputs(": the last run\n", out);
      rank_tables_print(&report->rows[i], out);
      fputc('\n', out);
    }
  }
}

/* How evenly the ranks started: of several cases the least and the most. */
static void print_start_skew(const struct report *report, FILE *out) {
  double least = INFINITY;
  double most = -INFINITY;
  char low[NUMBER_TEXT];
  char high[NUMBER_TEXT];
  for (size_t i = 0; i < report->count; i++) {
    const json_t *record = report->rows[i].record;
    if (fields_number(record, "ranks", NULL) > 1) {
      least = fmin(least, fields_number(record, "run", "start_skew_seconds"));
      most = fmax(most, fields_number(record, "run", "start_skew_seconds"));
    }
  }
  if (most >= least) {
    fprintf(out, "start skew %s%s%s: from the first rank's start to the last one's, median\n",
            number_time_text(least, low), most > least ? " to " : "",
            most > least ? number_time_text(most, high) : "");
  }
}

/* "f 0.012 [0.010, 0.014]" */
static void print_parameters(const json_t *fit, FILE *out) {
  const char *name;
  json_t *parameter;
  json_object_foreach(json_object_get(fit, "parameters"), name, parameter) {
    const json_t *interval = json_object_get(parameter, "ci95");
    fprintf(out, " %s %.3g [%.3g, %.3g]", name, fields_number(parameter, "value", NULL),
            json_number_value(json_array_get(interval, 0)),
            json_number_value(json_array_get(interval, 1)));
  }
}

static void print_analysis(const json_t *analysis, bool named, FILE *out) {
  size_t index;
  json_t *fit;
  fprintf(out, "%s%s%s\n", named ? word(analysis, "title") : "", named ? ": " : "",
          word(analysis, "diagnosis"));
  json_array_foreach(json_object_get(analysis, "fits"), index, fit) {
    const char *refused = json_string_value(json_object_get(fit, "refused"));
    fprintf(out, "%s:", word(fit, "law"));
    if (refused != NULL) {
      fprintf(out, " not fitted: %s", refused);
    } else {
      print_parameters(fit, out);
    }
    fputc('\n', out);
  }
}

/* Of probes what an item takes; the tables of other studies have a column for it. */
static void print_items(const struct report *report, FILE *out) {
  char text[NUMBER_TEXT];
  for (size_t i = 0; report->kind == REPORT_MEASURED && i < report->count; i++) {
    const struct report_row *row = &report->rows[i];
    if (is_probe(row->record)) {
      double seconds = fields_number(row->record, "seconds", "median");
      double items = fields_number(row->record, "items", NULL);
      fprintf(out, "%s: %s a %s\n", row->title, number_time_text(seconds / items, text), row->item);
    }
  }
}

/* What was done, to be typed again. */
static void print_jobs(const struct report *report, FILE *out) {
  fputs("jobs:\n", out);
  for (size_t i = 0; i < report->count; i++) {
    if (i == 0 || strcmp(report->rows[i].title, report->rows[i - 1].title) != 0) {
      fprintf(out, "  parbench %s\n", report->rows[i].title);
    }
  }
}

static bool lacks_interval(const struct report *report) {
  bool lacks = false;
  for (size_t i = 0; i < report->count; i++) {
    const json_t *seconds = json_object_get(report->rows[i].record, "seconds");
    lacks = lacks || !json_is_array(json_object_get(seconds, "ci95"));
  }
  return lacks;
}

static void print_legend(const struct report *report, FILE *out) {
  fputs(
      "seconds: median of the repeats, slowest rank; 95 %: how far its 95 % interval reaches down "
      "and up\n",
      out);
  if (lacks_interval(report)) {
    fputs("-: fewer than 6 repeats have no interval; --max-time allows more\n", out);
  }
  fputs(report->weak
            ? "serial: the kernel alone on rank 0, on one rank's job; speedup: N times that over "
              "seconds;\nideal: ranks or cores, whichever are fewer; efficiency: speedup / ideal\n"
            : "serial: the kernel alone on rank 0; ideal: ranks or cores, whichever are fewer; "
              "efficiency: speedup / ideal\n",
        out);
}

void measured_end(const struct report *report, FILE *out) {
  size_t index;
  json_t *analysis;
  fputc('\n', out);
  print_ranks(report, out);
  json_array_foreach(report->analysis, index, analysis) {
    print_analysis(analysis, json_array_size(report->analysis) > 1, out);
  }
  print_items(report, out);
  print_outliers(report, out);
  print_repeats(report, out);
  print_start_skew(report, out);
  print_legend(report, out);
  if (report->count > 0 && has_memory_bound(report->rows[0].record)) {
    fputs("memory: how much faster all ranks together write and read memory than one alone\n", out);
  }
  if (report->kind != REPORT_SCALE) {
    print_jobs(report, out);
  }
}
