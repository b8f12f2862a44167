#include "formats/measured.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/rank_tables.h"

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

/* Half the 95 % interval over the median: "1.2 %"; "-" without an interval. */
static const char *spread_text(const json_t *record, char text[16]) {
  const json_t *interval = json_object_get(json_object_get(record, "seconds"), "ci95");
  double median = fields_number(record, "seconds", "median");
  if (!json_is_array(interval) || median <= 0) {
    snprintf(text, 16, "-");
  } else {
    double low = json_number_value(json_array_get(interval, 0));
    double high = json_number_value(json_array_get(interval, 1));
    snprintf(text, 16, "%.1f %%", 50 * (high - low) / median);
  }
  return text;
}

static const char *word(const json_t *record, const char *key) {
  const char *text = json_string_value(json_object_get(record, key));
  return text == NULL ? "" : text;
}

/* What all tables say of a case; a probe need not have a baseline. */
static void print_figures(const json_t *record, FILE *out) {
  char spread[16];
  double serial = fields_number(record, "serial", "median");
  fprintf(out, "%9.4g %7s ", fields_number(record, "seconds", "median"),
          spread_text(record, spread));
  if (isnan(serial)) {
    fprintf(out, "%9s %8s %6s %11s", "-", "-", "-", "-");
  } else {
    fprintf(out, "%9.4g %8.2f %6.0f %11.2f", serial, fields_number(record, "speedup", NULL),
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
  fprintf(out, "%9s %7s %9s %8s %6s %11s", "seconds", "+/-", "serial s", "speedup", "ideal",
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

void measured_begin(const struct report *report, FILE *out) {
  print_environment(report, out);
  if (report->kind == REPORT_MEASURED) {
    fprintf(out, "%-9s %-22s %-6s ", "workload", "answer", "check");
    print_headings(out);
    fputc('\n', out);
  }
}

/* A table of its own for each job that is scaled. */
static void print_scale_row(const struct report *report, size_t index, FILE *out) {
  const struct report_row *row = &report->rows[index];
  if (index == 0 || strcmp(report->rows[index - 1].title, row->title) != 0) {
    fprintf(out, "%s%s\n%6s %-6s ", index == 0 ? "" : "\n", row->title, "ranks", "check");
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
  enum { LABEL_WIDTH = 44 };
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
    fprintf(out, "%-9s %-22s %-6s ", word(row->record, "workload"), row->brief,
            word(row->record, "check"));
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

/* Samples far off the others. */
static void print_outliers(const struct report *report, FILE *out) {
  for (size_t i = 0; i < report->count; i++) {
    double outliers = fields_number(report->rows[i].record, "seconds", "outliers");
    if (outliers > 0) {
      fputs("note: ", out);
      print_case_name(report, i, out);
      fprintf(out, ": %.0f of %zu times lie far from the others (kept in all figures)\n", outliers,
              repeats_of(&report->rows[i]));
    }
  }
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
        fprintf(out, "%s%s %zu", comma, word(row->record, "workload"), repeats_of(row));
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

/* Ranks that outnumber the cores leave a barrier when they get a core. */
static void print_uneven_starts(const struct report *report, FILE *out) {
  static const double NOTABLE = 0.05;
  double most = NOTABLE;
  size_t worst = 0;
  size_t uneven = 0;
  for (size_t i = 0; i < report->count; i++) {
    const json_t *record = report->rows[i].record;
    double share = fields_number(record, "run", "start_skew_seconds") /
                   fields_number(record, "seconds", "median");
    if (fields_number(record, "ranks", NULL) > 1 && share > NOTABLE) {
      uneven++;
      worst = share > most ? i : worst;
      most = fmax(most, share);
    }
  }
  if (uneven > 0) {
    fputs("note: ", out);
    print_case_name(report, worst, out);
    fprintf(out, ": the first and the last rank started %.0f %% of the time apart", 100 * most);
    if (uneven > 1) {
      fprintf(out, "; more than 5 %% in %zu cases", uneven);
    }
    fputc('\n', out);
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
  print_uneven_starts(report, out);
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
    if (refused != NULL) {
      fprintf(out, "no fit: %s", refused);
    } else {
      fprintf(out, "%s:", word(fit, "law"));
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
  fputs("seconds: median of the repeats, slowest rank; +/-: half its 95 % interval;\nserial: the "
        "kernel alone on rank 0; ideal: ranks or cores, whichever are fewer (ranks, for work that "
        "needs no core);\nefficiency: speedup / ideal\n",
        out);
  if (report->kind == REPORT_SCALE) {
    fputs(
        "Karp-Flatt: the serial part that the speedup is worth, on ranks with a core each; - where "
        "there is none, faster than\nlinear or slower than alone\n",
        out);
  }
  if (report->count > 0 && has_memory_bound(report->rows[0].record)) {
    fputs("memory: how much faster all ranks together write and read memory than one alone\n", out);
  }
  if (report->kind != REPORT_SCALE) {
    print_jobs(report, out);
  }
}
