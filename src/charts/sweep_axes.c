#include "charts/sweep_axes.h"

#include <math.h>

#include "charts/axes.h"
#include "core/number.h"

/* Whole numbers from here on are names (of numbers to be tested) rather than quantities. */
static const double NAMES_FROM = 1e15;

static bool number_of(const json_t *value, double *number) {
  if (json_is_string(value)) {
    return number_parse_real(json_string_value(value), number) == NUMBER_OK;
  }
  *number = json_number_value(value);
  return json_is_number(value);
}

static bool is_listed(const struct sweep_values *values, const json_t *value) {
  for (size_t i = 0; i < values->count; i++) {
    if (json_equal(values->list[i], value)) {
      return true;
    }
  }
  return false;
}

static struct sweep_values values_of(const struct case_set *set, const char *key) {
  struct sweep_values values = {.numbers = true};
  for (size_t i = 0; i < set->count && values.count <= VALUES_MOST; i++) {
    const json_t *value = case_setting(set->cases[i], key);
    double number = 0;
    values.numbers = values.numbers && number_of(value, &number) && fabs(number) < NAMES_FROM;
    if (values.count < VALUES_MOST && !is_listed(&values, value)) {
      values.list[values.count++] = value;
    } else if (values.count == VALUES_MOST && !is_listed(&values, value)) {
      values.count++;
    }
  }
  return values;
}

/* Of one or two settings a number rather than a word goes along the axis; of three the one with
   the most values, since those make the smallest pictures. */
static bool goes_before(const struct sweep_values *a, const struct sweep_values *b, size_t count) {
  if (count < 3 && a->numbers != b->numbers) {
    return a->numbers;
  }
  return a->count != b->count ? a->count > b->count : a->numbers && !b->numbers;
}

static const char *obstacle_of(const struct sweep_axes *axes) {
  if (axes->values.count > VALUES_MOST && !axes->values.numbers) {
    return "more than 30 words along the axis cannot be read";
  }
  if (!axes->values.numbers && axes->values.count > (axes->panels == NULL ? NAMES_MOST : 12)) {
    return axes->panels == NULL ? "more than 30 words along the axis cannot be read"
                                : "more than 12 words along each axis cannot be read";
  }
  if (axes->line_count > SERIES_MOST || axes->panel_values.count > PANELS_MOST) {
    return "of several settings that differ all but one may have six values at most";
  }
  return NULL;
}

const char *sweep_axes_choose(const struct case_set *set, struct sweep_axes *axes) {
  const char *keys[SETTINGS_MOST];
  struct sweep_values values[3];
  size_t order[3] = {0, 1, 2};
  *axes = (struct sweep_axes){0};
  if (!settings_one_workload(set)) {
    return "the cases must be of one workload";
  }
  if (!settings_equal_ranks(set)) {
    return "the cases must be on equally many ranks";
  }
  size_t count = settings_differing(set, NULL, keys);
  if (count < 1 || count > 3) {
    return "the cases must differ in one to three parameters or options";
  }
  for (size_t i = 0; i < count; i++) {
    values[i] = values_of(set, keys[i]);
    for (size_t k = i; k > 0 && goes_before(&values[order[k]], &values[order[k - 1]], count); k--) {
      size_t other = order[k];
      order[k] = order[k - 1];
      order[k - 1] = other;
    }
  }
  axes->x = keys[order[0]];
  axes->values = values[order[0]];
  if (count == 3) {
    axes->panels = keys[order[1]];
    axes->panel_values = values[order[1]];
  }
  if (count > 1) {
    axes->lines = keys[order[count - 1]];
    axes->line_count = values[order[count - 1]].count;
  }
  return obstacle_of(axes);
}

static double axis_x(const void *data, const struct result_case *result) {
  const struct sweep_axes *axes = data;
  const json_t *value = case_setting(result, axes->x);
  double number = 0;
  if (axes->values.numbers) {
    number_of(value, &number);
    return number;
  }
  size_t place = 0;
  while (place < axes->values.count && !json_equal(axes->values.list[place], value)) {
    place++;
  }
  return (double)place;
}

static bool axis_same(const void *data, const struct result_case *a, const struct result_case *b) {
  const struct sweep_axes *axes = data;
  return axes->lines == NULL ||
         json_equal(case_setting(a, axes->lines), case_setting(b, axes->lines));
}

static void axis_name(const void *data, const struct result_case *result, char *name, size_t size) {
  const struct sweep_axes *axes = data;
  char value[64];
  if (axes->lines == NULL) {
    snprintf(name, size, "%s", result->workload);
  } else {
    snprintf(name, size, "%s %s", axes->lines,
             setting_text(case_setting(result, axes->lines), value, sizeof value));
  }
}

bool sweep_axes_series(const struct sweep_axes *axes, const struct case_set *set,
                       struct series_list *list) {
  struct series_rules rules = {axes, axis_x, axis_same, axis_name};
  return series_make(set, &rules, list);
}
