#include "formats/measured_notes.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/number.h"
#include "formats/fields.h"
#include "formats/rank_tables.h"

static void print_case_name(const struct report *report, size_t index, FILE *out) {
  const json_t *record = report->rows[index].record;
  fputs(report->rows[index].title, out);
  if (fields_word(record, "label")[0] != '\0') {
    fprintf(out, ", %s", fields_word(record, "label"));
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
    fputs(fields_word(row->record, "label"), out);
  } else if (report->kind == REPORT_SCALE) {
    bool single = strcmp(row->title, report->rows[0].title) == 0 &&
                  strcmp(row->title, report->rows[report->count - 1].title) == 0;
    fprintf(out, "%s%sranks %.0f", single ? "" : row->title, single ? "" : ", ",
            fields_number(row->record, "ranks", NULL));
  } else {
    fputs(fields_word(row->record, "workload"), out);
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
              {"rounds", "the most there may be"},
              {"interrupted", "until the interruption"},
              {"failed", "until a rank failed"}};
  const char *comma = "repeats: ";
  for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
    bool any = false;
    for (size_t i = 0; i < report->count; i++) {
      const struct report_row *row = &report->rows[i];
      bool first =
          i == 0 || report->kind == REPORT_MEASURED ||
          (report->kind == REPORT_SCALE && strcmp(row->title, report->rows[i - 1].title) != 0);
      if (first && strcmp(fields_word(json_object_get(row->record, "run"), "stopped"),
                          ends[e].stopped) == 0) {
        fprintf(out, "%s%s%s%s %zu", comma, fields_word(row->record, "workload"),
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
  fputs(comma[0] == ';' ? "\n" : "", out);
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
  fprintf(out, "%s%s%s\n", named ? fields_word(analysis, "title") : "", named ? ": " : "",
          fields_word(analysis, "diagnosis"));
  json_array_foreach(json_object_get(analysis, "fits"), index, fit) {
    const char *refused = json_string_value(json_object_get(fit, "refused"));
    if (refused != NULL) {
      fprintf(out, "no fit: %s", refused);
    } else {
      fprintf(out, "%s:", fields_word(fit, "law"));
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
    if (fields_is_of_probe(row->record)) {
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
              "seconds;\n"
            : "serial: the kernel alone on rank 0;\n",
        out);
  fputs("ideal: ranks or cores, whichever are fewer (ranks, for work that needs no core); "
        "efficiency: speedup / ideal\n",
        out);
  if (report->kind == REPORT_SCALE) {
    fputs("Karp-Flatt: the serial part that the speedup is worth, on ranks with a core each; - "
          "where there is none, faster than\nlinear or slower than alone\n",
          out);
  }
  if (report->count > 0 && fields_has_memory_bound(report->rows[0].record)) {
    fputs("memory: how much faster all ranks together write and read memory than one alone\n", out);
  }
}

void measured_notes_print(const struct report *report, FILE *out) {
  size_t index;
  json_t *analysis;
  print_ranks(report, out);
  json_array_foreach(report->analysis, index, analysis) {
    print_analysis(analysis, json_array_size(report->analysis) > 1, out);
  }
  print_items(report, out);
  print_outliers(report, out);
  print_repeats(report, out);
  print_start_skew(report, out);
  print_legend(report, out);
  if (report->kind != REPORT_SCALE) {
    print_jobs(report, out);
  }
}
