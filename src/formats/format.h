/* Printing results. A format turns a report into text; what is in the report was computed
 * elsewhere. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/table.h"

/* One finished case. */
struct report_row {
  const char *title;    /* "pi --samples 1e8" */
  const char *argument; /* "1000003": of several cases of a job, what tells this one apart; NULL */
  const char *item;     /* "sample" */
  const char *brief;    /* the answer in a word or two */
  const char *check;    /* what the check looked at, for people */
  struct table
      answer;     /* the answer, or a probe's facts, as a list; no columns when there is none */
  json_t *facts;  /* of the workload's own: "kernel", "candidates"; also in record's run. NULL: in
                     the  table */
  json_t *record; /* the case as docs/output.md describes it */
};

enum report_kind {
  REPORT_JOBS,     /* done once each */
  REPORT_MEASURED, /* measured against a serial baseline */
  REPORT_SCALE,    /* measured on several numbers of ranks */
  REPORT_SWEEP,    /* measured with several values of options */
};

struct report {
  const char *version;
  json_t *environment;
  enum report_kind kind;
  struct report_row *rows;
  size_t count;
  int argument_width; /* of the longest argument; 0: no row has one */
  bool weak;          /* scaled jobs grow with the ranks */
  json_t *analysis;   /* what scaled cases came to, an array (app/scaling_record.h) */
};

/* Results may be printed as they come: begin, then row for each index in turn, then end. */
struct format {
  const char *name;
  void (*begin)(const struct report *report, FILE *out);
  void (*row)(const struct report *report, size_t index, FILE *out);
  void (*end)(const struct report *report, FILE *out);
};

/* The registry: one word a format. */
#define FORMATS(X) X(text) X(csv) X(json)
#define FORMAT_DECLARE(name) extern const struct format name##_format;
FORMATS(FORMAT_DECLARE)
#undef FORMAT_DECLARE

#define FORMAT_NAMES "text|csv|json"

const struct format *format_find(const char *name);

/* The whole report at once. */
void format_print(const struct format *format, const struct report *report, FILE *out);
