#include "charts/axes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats.h"

/* Characters of a name under the axis: longer ones are cut, in a terminal perhaps to its fewer. And
   of a line as wide as the picture. */
enum { NAME_MOST = 30, TERMINAL_NAME = 14, LINE_CHARACTERS = 85 };

/* gnuplot takes a label of an axis as a format for numbers. */
static void quote_label(const char *name, FILE *script) {
  char text[2 * NAME_MOST + 1];
  size_t used = 0;
  for (; *name != '\0' && used + 2 < sizeof text; name++) {
    text[used++] = *name;
    if (*name == '%') {
      text[used++] = '%';
    }
  }
  text[used] = '\0';
  script_quote(text, script);
}

static double characters_of(struct axis_room room) {
  return room.canvas->kind == CANVAS_TERMINAL ? 0.85 * room.canvas->columns - 2
                                              : (double)LINE_CHARACTERS / (double)room.beside;
}

static size_t longest_of(const char *const *names, size_t count) {
  size_t longest = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(names[i]);
    longest = length > longest ? length : longest;
  }
  return longest > NAME_MOST ? NAME_MOST : longest;
}

void axis_names(const char *const *names, size_t count, struct axis_room room, FILE *script) {
  bool terminal = room.canvas->kind == CANVAS_TERMINAL;
  double each = characters_of(room) / (double)count;
  size_t longest = longest_of(names, count);
  bool slanted = !terminal && (double)longest + 2 > each;
  size_t every = !terminal ? 1 : (size_t)ceil(fmin((double)longest, TERMINAL_NAME) / each);
  size_t most = !terminal ? NAME_MOST : (size_t)fmin((double)every * each, NAME_MOST);
  fprintf(script, "set xtics %s scale 0 noenhanced (", slanted ? "rotate by 25 right" : "norotate");
  for (size_t i = 0; i < count; i += every) {
    char name[NAME_MOST + 1];
    script_cut(names[i], most, 0.5, name);
    fputs(i == 0 ? "" : ", ", script);
    quote_label(name, script);
    fprintf(script, " %zu", i);
  }
  fprintf(script, ")\nset xrange [-0.6:%zu.6]\n", count - 1);
  if (slanted && room.beside == 1) {
    fprintf(script,
            "rows_of_names = %zu\nset bmargin 5.5 + rows_of_key + rows_of_names\nset lmargin %zu\n",
            longest / 5, 8 + 2 * longest / 5);
  }
}

static void label_axis(const char *text, FILE *script) {
  fputs("set xlabel noenhanced ", script);
  script_quote(text, script);
  fputc('\n', script);
}

static bool all_ranks_differ(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    for (size_t k = 0; k < i; k++) {
      if (set->cases[i]->ranks == set->cases[k]->ranks) {
        return false;
      }
    }
  }
  return true;
}

/* What tells cases apart. */
struct difference {
  bool workloads, ranks;
  const char *keys[SETTINGS_MOST];
  size_t count;
};

static struct difference difference_of(const struct case_set *set) {
  struct difference difference = {.workloads = !settings_one_workload(set),
                                  .ranks = !settings_equal_ranks(set)};
  /* Weak scaling changes parameters with the ranks: those say it all. */
  if (difference.workloads || set->count == 1 || !all_ranks_differ(set)) {
    difference.count = difference.workloads ? 0 : settings_differing(set, NULL, difference.keys);
  }
  return difference;
}

static void name_case(const struct case_set *set, const struct difference *difference,
                      const struct result_case *result, char *text, size_t size) {
  char value[160];
  text[0] = '\0';
  if (difference->ranks) {
    snprintf(text, size, "%d rank%s, ", result->ranks, result->ranks == 1 ? "" : "s");
  }
  size_t used = strlen(text);
  if (difference->workloads || !(difference->ranks || difference->count > 0)) {
    snprintf(text + used, size - used, "%s", case_label(set, result, value, sizeof value));
    return;
  }
  for (size_t i = 0; i < difference->count; i++) {
    used = strlen(text);
    snprintf(text + used, size - used, "%s=%s ", difference->keys[i],
             setting_text(case_setting(result, difference->keys[i]), value, sizeof value));
  }
  for (used = strlen(text); used > 0 && strchr(", ", text[used - 1]) != NULL; used--) {
    text[used - 1] = '\0';
  }
}

void axis_cases(const struct case_set *set, const struct canvas *canvas, FILE *script) {
  const char *names[NAMES_MOST] = {0};
  char texts[NAMES_MOST][256];
  struct difference difference = difference_of(set);
  size_t count = set->count < NAMES_MOST ? set->count : NAMES_MOST;
  bool only_ranks = difference.ranks && !difference.workloads && difference.count == 0;
  bool one_setting = !difference.ranks && !difference.workloads && difference.count == 1;
  for (size_t i = 0; i < count; i++) {
    const struct result_case *result = set->cases[i];
    names[i] = texts[i];
    if (only_ranks) {
      snprintf(texts[i], sizeof texts[i], "%d", result->ranks);
    } else if (one_setting) {
      setting_text(case_setting(result, difference.keys[0]), texts[i], sizeof texts[i]);
    } else {
      name_case(set, &difference, result, texts[i], sizeof texts[i]);
    }
  }
  axis_names(names, count, (struct axis_room){canvas, 1}, script);
  if (only_ranks || one_setting) {
    label_axis(only_ranks ? "ranks" : difference.keys[0], script);
  }
}

/* All figures below one axis in one manner. */
static void write_value(double value, double most, char *text, size_t size) {
  static const char *const prefixes[] = {"", " k", " M", " G", " T", " P"};
  size_t i = 0;
  if (most < 1e6) {
    snprintf(text, size, "%.6g", value);
    return;
  }
  while (i < 5 && fabs(value) >= 1000) {
    value /= 1000;
    i++;
  }
  snprintf(text, size, "%.4g%s", value, prefixes[i]);
}

/* Where a value stands, as a share of the axis. */
static double place(double value, double least, double most, bool logarithmic) {
  if (most <= least) {
    return 0.5;
  }
  return logarithmic ? log(value / least) / log(most / least) : (value - least) / (most - least);
}

static size_t sort_out_equal(double *values, size_t count) {
  size_t different = 0;
  stats_sort(values, count);
  for (size_t i = 0; i < count; i++) {
    if (different == 0 || values[i] > values[different - 1]) {
      values[different++] = values[i];
    }
  }
  return different;
}

void axis_values(double *values, size_t count, bool logarithmic, struct axis_room room,
                 FILE *script) {
  double characters = characters_of(room);
  count = sort_out_equal(values, count);
  double least = values[0];
  double most = values[count - 1];
  char text[32];
  write_value(most, most, text, sizeof text);
  /* The last figure is sure of its place; before it they stand from the left while there is room.
   */
  double last_from = 1 - (double)(strlen(text) + 2) / (2 * characters);
  double free_from = -1;
  fprintf(script, "set mxtics 1\nset xtics noenhanced (");
  for (size_t i = 0; i < count; i++) {
    write_value(values[i], most, text, sizeof text);
    double at = place(values[i], least, most, logarithmic);
    double half = (double)(strlen(text) + 2) / (2 * characters);
    bool shown = i + 1 == count || (at - half >= free_from && at + half <= last_from);
    if (shown) {
      free_from = at + half;
    }
    fprintf(script, "%s'%s' %.17g", i == 0 ? "" : ", ", shown ? text : "", values[i]);
  }
  fputs(")\n", script);
}

void axis_times(double least, double most, double factor, FILE *script) {
  if (most > 10 * least) {
    fprintf(script, "set logscale y\nset yrange [%.6g:%.6g]\n", factor * least / 1.3,
            factor * most * 1.3);
    script_add_log_tics(most / least, script);
  } else {
    fprintf(script, "set yrange [0:%.6g]\n", factor * most * 1.08);
  }
}
