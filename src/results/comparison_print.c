/* For people: a table with a line a case, and a line for each thing that one should know. */
#include "results/comparison_print.h"

#include <math.h>
#include <string.h>

#include "core/number.h"
#include "core/table.h"

static void add_time(struct table *table, const struct stats *stats) {
  char text[NUMBER_TEXT];
  table_add_cell(table, "%s (%zu)", number_time_text(stats->median, text), stats->count);
}

static void add_ratio(struct table *table, struct ratio ratio) {
  table_add_cell(table, "%.3f [%.3f, %.3f]", ratio.value, ratio.low, ratio.high);
}

static const struct correction *correction_of(const struct compared_case *compared) {
  return compared->own.known && !compared->by_others ? &compared->own : &compared->others;
}

static void add_verdict(struct table *table, const struct compared_case *compared) {
  if (compared->verdict == VERDICT_NONE_SEEN) {
    table_add_cell(table, "%s (+-%.2g %%)", verdict_name(compared->verdict),
                   100 * compared->visible);
  } else {
    table_add_cell(table, "%s", verdict_name(compared->verdict));
  }
}

static void add_row(struct table *table, const struct compared_case *compared) {
  const struct correction *correction = correction_of(compared);
  table_add_cell(table, "%s", compared->label);
  table_add_cell(table, "%d", compared->ranks);
  add_time(table, &compared->a_stats);
  add_time(table, &compared->b_stats);
  if (compared->verdict <= VERDICT_NO_REPEATS) {
    table_add_cell(table, "%.3f", compared->b_stats.median / compared->a_stats.median);
    table_add_cell(table, "-");
  } else {
    add_ratio(table, compared->ratio);
    table_add_cell(table, "%.2g", compared->test.p);
  }
  if (correction->known) {
    table_add_cell(table, "%.3f", correction->drift.value);
    add_ratio(table, correction->corrected);
  } else {
    table_add_cell(table, "-");
    table_add_cell(table, "-");
  }
  add_verdict(table, compared);
}

static void print_table(const struct comparison *comparison, FILE *out) {
  struct table table;
  table_init(&table);
  table_add_column(&table, "case", true);
  table_add_column(&table, "ranks", false);
  table_add_column(&table, "A", false);
  table_add_column(&table, "B", false);
  table_add_column(&table, "B/A", false);
  table_add_column(&table, "p", false);
  table_add_column(&table, "serial B/A", false);
  table_add_column(&table, "corrected", false);
  table_add_column(&table, "verdict", true);
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    if (compared->a != NULL && compared->b != NULL) {
      add_row(&table, compared);
    }
  }
  if (table.rows > 0) {
    fputc('\n', out);
    table_print(&table, 0, out);
  }
  table_free(&table);
}

static void note_one_sided(const struct compared_case *compared, FILE *out) {
  fprintf(out, "%s is in %s only\n", compared->name, compared->a != NULL ? "A" : "B");
}

static void note_wrong_answer(const struct compared_case *compared, FILE *out) {
  bool a = has_wrong_answer(compared->a);
  bool b = has_wrong_answer(compared->b);
  fprintf(out, "%s: no verdict: the check failed in %s, and a wrong answer's time means nothing\n",
          compared->name,
          a && b ? "both"
          : a    ? "A"
                 : "B");
}

static const char *comparative(struct ratio drift) {
  return ratio_side(drift) > 0 ? "slower" : ratio_side(drift) < 0 ? "faster" : "alike";
}

static bool any_drift_seen(const struct compared_case *compared) {
  return (compared->own.known && ratio_side(compared->own.drift) != 0) ||
         (compared->others.known && ratio_side(compared->others.drift) != 0);
}

static void note_unclear(const struct compared_case *compared, FILE *out) {
  const struct correction *used = correction_of(compared);
  const char *whose = compared->by_others ? "the other cases'" : "its serial";
  if (!compared->alike && !any_drift_seen(compared)) {
    fprintf(out,
            "%s: the times differ, but the serial baselines (%.3f [%.3f, %.3f]) are too uncertain "
            "to tell that from the clock; not called real\n",
            compared->name, used->drift.value, used->drift.low, used->drift.high);
  } else if (!compared->alike) {
    fprintf(out,
            "%s: the times differ, and so do the serial baselines: the clock, a busy "
            "machine, or the kernel itself; not called real\n",
            compared->name);
  } else if (ratio_side(used->drift) != 0) {
    fprintf(out,
            "%s: as long, on a %s clock (%s baseline%s %.3f [%.3f, %.3f]): on an equal one %.3f "
            "times as long; called neither real nor none\n",
            compared->name, comparative(used->drift), whose, compared->by_others ? "s" : "",
            used->drift.value, used->drift.low, used->drift.high, used->corrected.value);
  } else {
    fprintf(out,
            "%s: as long, but %.3f [%.3f, %.3f] times as long beside %s baseline%s; called neither "
            "equal nor different\n",
            compared->name, used->corrected.value, used->corrected.low, used->corrected.high, whose,
            compared->by_others ? "s" : "");
  }
}

/* What the other cases' baselines decided. */
static void note_others(const struct compared_case *compared, FILE *out) {
  const struct ratio *own = &compared->own.drift;
  const struct ratio *others = &compared->others.drift;
  if (compared->own.known && strcmp(comparative(*own), verdict_name(compared->verdict)) == 0) {
    fprintf(out,
            "%s: its serial baseline is %s as well (%.3f), and the other cases' are not as much "
            "(%.3f [%.3f, %.3f]): the kernel itself\n",
            compared->name, verdict_name(compared->verdict), own->value, others->value, others->low,
            others->high);
  } else if (compared->own.known &&
             ratio_side(compared->own.corrected) == ratio_side(compared->ratio)) {
    fprintf(out,
            "%s: the other cases' serial baselines (%.3f [%.3f, %.3f]) tell it more surely than "
            "its own\n",
            compared->name, others->value, others->low, others->high);
  } else {
    fprintf(out,
            "%s: its own serial baseline does not confirm it, the other cases' (%.3f [%.3f, "
            "%.3f]) do\n",
            compared->name, others->value, others->low, others->high);
  }
}

static void note_verdict(const struct compared_case *compared, FILE *out) {
  const char *name = compared->name;
  if (compared->verdict == VERDICT_WRONG_ANSWER) {
    note_wrong_answer(compared, out);
  } else if (compared->verdict == VERDICT_NO_REPEATS) {
    fprintf(out,
            "%s: no verdict: one sample in a file tells nothing of chance, measure with "
            "repeats\n",
            name);
  } else if (compared->verdict == VERDICT_FEW_REPEATS) {
    fprintf(out,
            "%s: no verdict: %zu and %zu samples are too few, four in each file are the fewest\n",
            name, compared->a_stats.count, compared->b_stats.count);
  } else if (compared->verdict == VERDICT_UNCLEAR) {
    note_unclear(compared, out);
  } else if (compared->by_others) {
    note_others(compared, out);
  } else if (compared->verdict != VERDICT_NONE_SEEN && !correction_of(compared)->known) {
    fprintf(out,
            "%s: without serial baselines in both files a drift of the clock cannot be told "
            "from a change\n",
            name);
  }
}

/* With fewer, every other set of samples would have something to point out. */
enum { LEAST_FOR_OUTLIERS = 6, LEAST_FOR_TREND = 10 };

static void note_samples(const struct compared_case *compared, const struct stats *stats,
                         const struct trend *trend, const char *file, FILE *out) {
  if (stats->outliers > 0 && stats->count >= LEAST_FOR_OUTLIERS) {
    fprintf(out, "%s: %zu of %s's %zu samples lie%s beyond Tukey's fences (kept)\n", compared->name,
            stats->outliers, file, stats->count, stats->outliers == 1 ? "s" : "");
  }
  if (stats->count >= LEAST_FOR_TREND && trend->p < 0.01) {
    fprintf(out,
            "%s: %s's samples %s while they were taken (rank correlation %.2f): its interval "
            "is too narrow\n",
            compared->name, file, trend->rho > 0 ? "grew" : "fell", trend->rho);
  }
}

static void print_notes(const struct comparison *comparison, FILE *out) {
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *compared = &comparison->cases[i];
    if (compared->a == NULL || compared->b == NULL) {
      note_one_sided(compared, out);
      continue;
    }
    note_verdict(compared, out);
    if (compared->answers_differ) {
      fprintf(out, "%s: the answers differ: not the same work\n", compared->name);
    }
    if (compared->verdict > VERDICT_NO_REPEATS) {
      note_samples(compared, &compared->a_stats, &compared->a_trend, "A", out);
      note_samples(compared, &compared->b_stats, &compared->b_trend, "B", out);
    }
  }
}

static void note_fact(const char *group, const char *key, const json_t *a, const json_t *b,
                      FILE *out) {
  char one[256];
  char two[256];
  if (!json_equal(a, b)) {
    fprintf(out, "not the same %s%s: %s and %s\n", group, key, setting_text(a, one, sizeof one),
            setting_text(b, two, sizeof two));
  }
}

/* Settings of Open MPI that are in either file; one that is not there is "none". */
static void note_mca(const json_t *a, const json_t *b, FILE *out) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)a, key, value) {
    note_fact("mca ", key, value, json_object_get(b, key), out);
  }
  json_object_foreach((json_t *)b, key, value) {
    if (json_object_get(a, key) == NULL) {
      note_fact("mca ", key, NULL, value, out);
    }
  }
}

/* What makes two files hard to compare. Files of older versions lack some of it. */
static void note_machines(const struct comparison *comparison, FILE *out) {
  static const char *const keys[] = {"hosts",  "cores",    "cpu", "isa",      "mpi",
                                     "kernel", "governor", "smt", "compiler", "flags"};
  const json_t *a = comparison->a->environment;
  const json_t *b = comparison->b->environment;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const json_t *one = json_object_get(a, keys[i]);
    const json_t *two = json_object_get(b, keys[i]);
    if (one != NULL && two != NULL) {
      note_fact("", keys[i], one, two, out);
    }
  }
  if (json_object_get(a, "mca") != NULL && json_object_get(b, "mca") != NULL) {
    note_mca(json_object_get(a, "mca"), json_object_get(b, "mca"), out);
  }
}

void comparison_print_text(const struct comparison *comparison, double percent, FILE *out) {
  char origin[512];
  (void)percent;
  fprintf(out, "A  %s: %s\n", comparison->a->path,
          document_origin(comparison->a, origin, sizeof origin));
  fprintf(out, "B  %s: %s\n", comparison->b->path,
          document_origin(comparison->b, origin, sizeof origin));
  note_machines(comparison, out);
  print_table(comparison, out);
  fputc('\n', out);
  print_notes(comparison, out);
  fputs("A, B: median time (samples); [ ]: 95 % interval (bootstrap); p: Mann-Whitney;\n"
        "serial B/A: of the baselines, what the clock did; corrected: B/A over that (99 %).\n"
        "slower or faster: p < 0.05, and both intervals lie on the same side of 1;\n"
        "none seen (+-x): a difference below x would mostly have gone unseen\n",
        out);
}
