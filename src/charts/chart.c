#include "charts/chart.h"

#include <string.h>

#define CHART_LIST(name) &name##_chart,
static const struct chart *const charts[] = {CHARTS(CHART_LIST)};
#undef CHART_LIST

enum { CHART_COUNT = sizeof charts / sizeof charts[0] };

const struct chart *chart_find(const char *name) {
  for (size_t i = 0; i < CHART_COUNT; i++) {
    if (strcmp(charts[i]->name, name) == 0) {
      return charts[i];
    }
  }
  return NULL;
}

const struct chart *chart_suited(const struct case_set *set) {
  for (size_t i = 0; i < CHART_COUNT; i++) {
    if (charts[i]->obstacle(set) == NULL) {
      return charts[i];
    }
  }
  return NULL;
}
