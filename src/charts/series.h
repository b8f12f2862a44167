/* Cases put in lines: those that differ in nothing but what the x axis shows. */
#pragma once

#include "charts/script.h"

enum { SERIES_MOST = SCRIPT_COLOURS };

struct series_point {
  const struct result_case *result;
  double x;
};

struct series {
  char name[128];
  struct series_point *points; /* ascending in x; owned */
  size_t count;
};

struct series_list {
  struct series series[SERIES_MOST];
  size_t count;
};

/* Where a case stands on the x axis. */
typedef double series_x(const void *data, const struct result_case *result);
/* Whether two cases belong to one line. */
typedef bool series_same(const void *data, const struct result_case *a,
                         const struct result_case *b);
/* What to call the line that a case is in. */
typedef void series_name(const void *data, const struct result_case *result, char *name,
                         size_t size);

struct series_rules {
  const void *data;
  series_x *x;
  series_same *same;
  series_name *name;
};

/* False when there are more than SERIES_MOST lines, or memory lacks; nothing is left to free then.
 */
bool series_make(const struct case_set *set, const struct series_rules *rules,
                 struct series_list *list);

void series_free(struct series_list *list);

/* More points of one line are never drawn. */
enum { SERIES_POINTS_MOST = 256 };

/* The lines' points as $line0, $line1 ...: x, then median and whiskers in `factor` a second. Lines
   stand `apart` from one another along x. */
void series_write(const struct series_list *list, double factor, double apart, FILE *script);

/* As a term of gnuplot's plot: the points of line `index` with their intervals. */
void series_plot(const struct series_list *list, size_t index, const struct canvas *canvas,
                 bool joined, FILE *script);

/* From the lowest to the highest whisker of all points, in seconds. */
struct series_range {
  double least, most;
};
struct series_range series_seconds(const struct series_list *list);
