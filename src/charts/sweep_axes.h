/* Which of the settings that a sweep varied goes along the axis, which makes lines, and which makes
   pictures beside one another. */
#pragma once

#include "charts/series.h"

enum { VALUES_MOST = 64, PANELS_MOST = 6 };

struct sweep_values {
  const json_t *list[VALUES_MOST]; /* those that differ, in the order they came */
  size_t count;                    /* VALUES_MOST + 1: there are more */
  bool numbers;                    /* all are quantities */
};

struct sweep_axes {
  const char *x, *lines, *panels; /* NULL: none */
  struct sweep_values values, panel_values;
  size_t line_count;
};

/* What keeps the cases of a set from being drawn over the settings in which they differ; NULL:
   nothing, and axes is filled. */
const char *sweep_axes_choose(const struct case_set *set, struct sweep_axes *axes);

/* Lines of the cases, by these axes. False as series_make. */
bool sweep_axes_series(const struct sweep_axes *axes, const struct case_set *set,
                       struct series_list *list);
