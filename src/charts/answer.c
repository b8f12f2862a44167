#include "charts/answer.h"

#include <string.h>

#include "core/number.h"

static const json_t *answer_of(const struct case_set *set) {
  bool single = set->count == 1 && strcmp(set->cases[0]->workload, "factors") == 0;
  return single ? json_object_get(set->cases[0]->record, "answer") : NULL;
}

const json_t *answer_list(const struct case_set *set, const char *name) {
  const json_t *list = json_object_get(answer_of(set), name);
  return json_is_array(list) && json_array_size(list) > 0 ? list : NULL;
}

bool answer_number(const json_t *object, const char *key, double *number) {
  const json_t *value = json_object_get(object, key);
  uint64_t count = 0;
  if (json_is_string(value) && number_parse_count(json_string_value(value), &count) == NUMBER_OK) {
    *number = (double)count;
    return true;
  }
  *number = json_number_value(value);
  return json_is_number(value) && *number >= 0;
}

const char *answer_range_text(const struct case_set *set, char *text, size_t size) {
  const json_t *bins = answer_list(set, "costs");
  double lo = 0;
  double hi = 0;
  if (answer_number(json_array_get(bins, 0), "from", &lo) &&
      answer_number(json_array_get(bins, json_array_size(bins) - 1), "to", &hi)) {
    snprintf(text, size, "the numbers from %.0f to %.0f", lo, hi - 1);
  } else {
    snprintf(text, size, "numbers");
  }
  return text;
}
