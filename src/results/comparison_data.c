/* For programs: the comparison as CSV and as JSON, with all digits. */
#include <math.h>

#include "core/clean_text.h"
#include "core/number.h"
#include "core/table.h"
#include "results/comparison_print.h"

static const char *verdict_of(const struct compared_case *compared) {
  return compared->b == NULL   ? "only in A"
         : compared->a == NULL ? "only in B"
                               : verdict_name(compared->verdict);
}

/* A figure that is not known is an empty cell. */
static void add_figure(struct table *table, bool known, double value) {
  char text[NUMBER_TEXT];
  table_add_cell(table, "%s", known && isfinite(value) ? number_real_text(value, text) : "");
}

static void add_figures(struct table *table, bool known, struct ratio ratio) {
  add_figure(table, known, ratio.value);
  add_figure(table, known, ratio.low);
  add_figure(table, known, ratio.high);
}

static void add_row(struct table *table, const struct compared_case *compared) {
  bool pair = compared->a != NULL && compared->b != NULL;
  bool repeats = pair && compared->verdict > VERDICT_NO_REPEATS;
  table_add_cell(table, "%s", compared->label);
  table_add_cell(table, "%d", compared->ranks);
  table_add_cell(table, "%s", verdict_of(compared));
  add_figure(table, pair, compared->a_stats.median);
  add_figure(table, pair, (double)compared->a_stats.count);
  add_figure(table, pair, compared->b_stats.median);
  add_figure(table, pair, (double)compared->b_stats.count);
  add_figures(table, repeats, compared->ratio);
  add_figure(table, repeats, compared->test.p);
  add_figures(table, compared->own.known, compared->own.drift);
  add_figures(table, compared->own.known, compared->own.corrected);
  add_figures(table, compared->others.known, compared->others.drift);
  add_figures(table, compared->others.known, compared->others.corrected);
  add_figure(table, repeats, compared->visible);
}

void comparison_print_csv(const struct comparison *comparison, double percent, FILE *out) {
  static const char *const headings[] = {"case",
                                         "ranks",
                                         "verdict",
                                         "a_seconds",
                                         "a_samples",
                                         "b_seconds",
                                         "b_samples",
                                         "ratio",
                                         "ratio_low",
                                         "ratio_high",
                                         "p",
                                         "own_drift",
                                         "own_drift_low",
                                         "own_drift_high",
                                         "own_corrected",
                                         "own_corrected_low",
                                         "own_corrected_high",
                                         "others_drift",
                                         "others_drift_low",
                                         "others_drift_high",
                                         "others_corrected",
                                         "others_corrected_low",
                                         "others_corrected_high",
                                         "visible"};
  struct table table;
  (void)percent;
  table_init(&table);
  for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
    table_add_column(&table, headings[i], true);
  }
  for (size_t i = 0; i < comparison->count; i++) {
    add_row(&table, &comparison->cases[i]);
  }
  table_print_csv(&table, true, out);
  table_free(&table);
}

static json_t *figure(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *ratio_record(bool known, struct ratio ratio, const char *interval) {
  if (!known || !isfinite(ratio.low) || !isfinite(ratio.high)) {
    return json_null();
  }
  return json_pack("{s:f, s:[f, f]}", "value", ratio.value, interval, ratio.low, ratio.high);
}

static json_t *correction_record(const struct correction *correction) {
  return !correction->known
             ? json_null()
             : json_pack("{s:o, s:o}", "drift", ratio_record(true, correction->drift, "ci99"),
                         "corrected", ratio_record(true, correction->corrected, "ci99"));
}

static json_t *samples_record(const struct stats *stats) {
  return json_pack("{s:f, s:I, s:I}", "median", stats->median, "samples", (json_int_t)stats->count,
                   "outliers", (json_int_t)stats->outliers);
}

static json_t *text_or_null(const char *text) {
  return text == NULL ? json_null() : json_string(text);
}

static json_t *pair_record(const struct compared_case *compared, double percent) {
  bool repeats = compared->verdict > VERDICT_NO_REPEATS;
  return json_pack(
      "{s:o, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "case",
      clean_json(compared->label), "ranks", compared->ranks, "verdict",
      verdict_name(compared->verdict), "a", samples_record(&compared->a_stats), "b",
      samples_record(&compared->b_stats), "ratio", ratio_record(repeats, compared->ratio, "ci95"),
      "p", repeats ? figure(compared->test.p) : json_null(), "own",
      correction_record(&compared->own), "others", correction_record(&compared->others), "visible",
      repeats ? figure(compared->visible) : json_null(), "too_slow",
      isnan(percent) ? json_null() : json_boolean(is_slower_by(compared, percent)), "not_judged",
      isnan(percent) ? json_null() : text_or_null(why_not_judged(compared, percent)),
      "answers_differ", (int)compared->answers_differ);
}

void comparison_print_json(const struct comparison *comparison, double percent, FILE *out) {
  json_t *cases = json_array();
  json_t *only[2] = {json_array(), json_array()};
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    if (compared->a != NULL && compared->b != NULL) {
      json_array_append_new(cases, pair_record(compared, percent));
    } else {
      json_array_append_new(
          only[compared->a == NULL],
          json_pack("{s:o, s:i}", "case", clean_json(compared->label), "ranks", compared->ranks));
    }
  }
  json_t *document = json_pack("{s:i, s:{s:o, s:o, s:o, s:o, s:o, s:o}}", "schema", 1, "compare",
                               "a", clean_json(comparison->a->path), "b",
                               clean_json(comparison->b->path), "fail_if_slower", figure(percent),
                               "cases", cases, "only_in_a", only[0], "only_in_b", only[1]);
  json_dumpf(document, out, JSON_INDENT(2));
  fputc('\n', out);
  json_decref(document);
}
