/* json: one document with everything. */
#include "formats/format.h"

static void json_begin(const struct report *report, FILE *out) {
  (void)report, (void)out;
}

static void json_row(const struct report *report, size_t index, FILE *out) {
  (void)report, (void)index, (void)out;
}

static void json_end(const struct report *report, FILE *out) {
  json_t *cases = json_array();
  for (size_t i = 0; i < report->count; i++) {
    json_array_append(cases, report->rows[i].record);
  }
  json_t *document = json_pack("{s:i, s:s, s:O, s:o}", "schema", 1, "version", report->version,
                               "environment", report->environment, "cases", cases);
  if (json_array_size(report->analysis) > 0) {
    json_object_set(document, "analysis", report->analysis);
  }
  json_dumpf(document, out, JSON_INDENT(2));
  fputc('\n', out);
  json_decref(document);
}

const struct format json_format = {
    .name = "json", .begin = json_begin, .row = json_row, .end = json_end};
