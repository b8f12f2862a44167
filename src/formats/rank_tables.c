#include "formats/rank_tables.h"

#include <math.h>

#include "core/range.h"
#include "formats/fields.h"

enum { COLUMNS = 10, ROWS_MOST = 32 };

/* NULL without -v; a probe's own "ranks" is a number. */
static const json_t *shares_of(const struct report_row *row) {
  const json_t *ranks = json_object_get(json_object_get(row->record, "run"), "ranks");
  return json_is_array(ranks) ? ranks : NULL;
}

static const json_t *timeline_of(const struct report_row *row) {
  return json_object_get(json_object_get(row->record, "run"), "timeline");
}

/* -v: a line a rank. */
static void print_shares(const struct report_row *row, FILE *out) {
  const json_t *ranks = shares_of(row);
  size_t index;
  json_t *share;
  if (ranks != NULL) {
    fprintf(out, "  %6s %-20s %10s %10s %10s %10s %14s\n", "rank", "host", "busy s", "core s",
            "waited s", "chunks", row->item);
  }
  json_array_foreach((json_t *)ranks, index, share) {
    fprintf(out, "  %6zu %-20s %10.4f %10.4f %10.4f %10.0f %14.0f\n", index,
            json_string_value(json_object_get(share, "host")), fields_number(share, "busy", NULL),
            fields_number(share, "core", NULL), fields_number(share, "waited", NULL),
            fields_number(share, "chunks", NULL), fields_number(share, "items", NULL));
  }
}

/* Of each rank the percents of each stretch of the run for which it had a core. */
struct use {
  const json_t *ranks;
  double stretches; /* that the run is long: the last need not be a whole one */
};

static struct use use_of(const json_t *timeline) {
  const json_t *ranks = json_object_get(timeline, "core_percent");
  double stretches =
      fields_number(timeline, "seconds", NULL) / fields_number(timeline, "stretch_seconds", NULL);
  double whole = (double)json_array_size(json_array_get(ranks, 0));
  return (struct use){ranks, stretches > 0 && stretches < whole ? stretches : whole};
}

static double mean_of_tenth(const struct use *use, uint64_t rank, size_t tenth) {
  const json_t *percents = json_array_get(use->ranks, rank);
  double count = use->stretches;
  double begin = count * (double)tenth / COLUMNS;
  double end = count * (double)(tenth + 1) / COLUMNS;
  double sum = 0;
  for (size_t i = (size_t)begin; (double)i < end; i++) {
    double overlap = fmin(end, (double)(i + 1)) - fmax(begin, (double)i);
    sum += overlap * json_number_value(json_array_get(percents, i));
  }
  return end > begin ? sum / (end - begin) : 0;
}

static double mean_of_ranks(const struct use *use, struct range range, size_t tenth) {
  double sum = 0;
  for (uint64_t rank = range.lo; rank < range.hi; rank++) {
    sum += mean_of_tenth(use, rank, tenth);
  }
  return sum / (double)range_length(range);
}

static void print_row(const struct use *use, struct range range, FILE *out) {
  char name[48];
  double sum = 0;
  bool single = range_length(range) == 1;
  snprintf(name, sizeof name, single ? "%.0f" : "%.0f-%.0f", (double)range.lo,
           (double)range.hi - 1);
  fprintf(out, "  %11s", name);
  for (size_t tenth = 0; tenth < COLUMNS; tenth++) {
    double percent = mean_of_ranks(use, range, tenth);
    sum += percent;
    fprintf(out, " %5.0f", percent);
  }
  fprintf(out, " %6.0f\n", sum / COLUMNS);
}

static void print_cores(const struct use *use, double threads, FILE *out) {
  struct range all = {0, json_array_size(use->ranks)};
  double each = threads * (double)all.hi / 100;
  double sum = 0;
  fprintf(out, "  %11s", "cores");
  for (size_t tenth = 0; tenth < COLUMNS; tenth++) {
    double cores = each * mean_of_ranks(use, all, tenth);
    sum += cores;
    fprintf(out, " %5.*f", cores < 100 ? 2 : 0, cores);
  }
  fprintf(out, " %6.*f\n", sum < 1000 ? 2 : 0, sum / COLUMNS);
}

static void print_timeline(const struct report_row *row, FILE *out) {
  struct use use = use_of(timeline_of(row));
  size_t count = json_array_size(use.ranks);
  if (count == 0) {
    return;
  }
  fprintf(out,
          "  %-20s %% of the time that a rank had one for its work, by tenths of the run\n"
          "  %11s",
          "use of the cores", count > ROWS_MOST ? "ranks" : "rank");
  for (int tenth = 1; tenth <= COLUMNS; tenth++) {
    fprintf(out, " %5d", tenth);
  }
  fprintf(out, " %6s\n", "all");
  uint64_t each = (count + ROWS_MOST - 1) / ROWS_MOST;
  for (uint64_t lo = 0; lo < count; lo += each) {
    print_row(&use, (struct range){lo, lo + each < count ? lo + each : count}, out);
  }
  print_cores(&use, fields_number(row->record, "options", "threads"), out);
}

bool rank_tables_have(const struct report_row *row) {
  return shares_of(row) != NULL || timeline_of(row) != NULL;
}

void rank_tables_print(const struct report_row *row, FILE *out) {
  print_shares(row, out);
  print_timeline(row, out);
}
