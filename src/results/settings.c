#include "results/settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clean_text.h"
#include "formats/fields.h"

enum status case_set_add(struct case_set *set, const struct document *document,
                         struct fault *fault) {
  size_t needed = set->count + document->count;
  size_t size = needed * sizeof(const struct result_case *);
  const struct result_case **cases = (const struct result_case **)realloc((void *)set->cases, size);
  if (cases == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  set->cases = cases;
  for (size_t i = 0; i < document->count; i++) {
    cases[set->count++] = &document->cases[i];
  }
  return STATUS_OK;
}

void case_set_free(struct case_set *set) {
  free((void *)set->cases);
  *set = (struct case_set){0};
}

const json_t *case_setting(const struct result_case *result, const char *key) {
  const json_t *value = json_object_get(json_object_get(result->record, "params"), key);
  return value != NULL ? value : json_object_get(json_object_get(result->record, "options"), key);
}

const char *setting_text(const json_t *value, char *text, size_t size) {
  if (json_is_array(value)) {
    snprintf(text, size, "%zu values", json_array_size(value));
    return text;
  }
  return fields_text(value, 6, text, size);
}

static bool is_of(const struct result_case *result, const char *workload) {
  return workload == NULL || strcmp(result->workload, workload) == 0;
}

int case_workers(const struct result_case *result) {
  json_int_t threads = json_integer_value(case_setting(result, "threads"));
  return result->ranks * (int)(threads > 1 ? threads : 1); /* document_read: no more than an int */
}

static bool any_shares_work(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    if (case_workers(set->cases[i]) > 1) {
      return true;
    }
  }
  return false;
}

/* A single worker has a schedule of its own, since there is nothing to hand out: beside cases with
   more it tells nothing. */
static bool tells_nothing(const struct case_set *set, const struct result_case *result,
                          const char *key) {
  return strcmp(key, "schedule") == 0 && case_workers(result) == 1 && any_shares_work(set);
}

static bool differs(const struct case_set *set, const char *workload, const char *key) {
  const json_t *first = NULL;
  bool seen = false;
  for (size_t i = 0; i < set->count; i++) {
    if (is_of(set->cases[i], workload) && !tells_nothing(set, set->cases[i], key)) {
      const json_t *value = case_setting(set->cases[i], key);
      if (seen && !json_equal(first, value) && !(first == NULL && value == NULL)) {
        return true;
      }
      first = value;
      seen = true;
    }
  }
  return false;
}

static bool is_listed(const char *const *keys, size_t count, const char *key) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(keys[i], key) == 0) {
      return true;
    }
  }
  return false;
}

size_t settings_differing(const struct case_set *set, const char *workload, const char **keys) {
  size_t count = 0;
  for (size_t i = 0; i < set->count; i++) {
    static const char *const groups[] = {"params", "options"};
    for (size_t g = 0; g < 2 && is_of(set->cases[i], workload); g++) {
      const char *key;
      json_t *value;
      json_object_foreach(json_object_get(set->cases[i]->record, groups[g]), key, value) {
        if (count < SETTINGS_MOST && !is_listed(keys, count, key) && differs(set, workload, key)) {
          keys[count++] = key;
        }
      }
    }
  }
  return count;
}

const char *case_label(const struct case_set *set, const struct result_case *result, char *text,
                       size_t size) {
  const char *keys[SETTINGS_MOST];
  size_t count = settings_differing(set, result->workload, keys);
  snprintf(text, size, "%s", result->workload);
  for (size_t i = 0; i < count; i++) {
    char value[64];
    size_t used = strlen(text);
    snprintf(text + used, size - used, " %s=%s", keys[i],
             setting_text(case_setting(result, keys[i]), value, sizeof value));
  }
  return clean_cut(text);
}

bool settings_equal_ranks(const struct case_set *set) {
  for (size_t i = 1; i < set->count; i++) {
    if (set->cases[i]->ranks != set->cases[0]->ranks) {
      return false;
    }
  }
  return true;
}

bool settings_one_workload(const struct case_set *set) {
  for (size_t i = 1; i < set->count; i++) {
    if (strcmp(set->cases[i]->workload, set->cases[0]->workload) != 0) {
      return false;
    }
  }
  return true;
}

/* Nothing, or an option that chooses by itself. */
static bool is_unset(const json_t *value, bool option) {
  return json_is_null(value) || json_is_false(value) ||
         (option && json_is_integer(value) && json_integer_value(value) == 0);
}

/* The case whose settings tell most: not that of a single worker, if there are others. */
static const struct result_case *typical_case(const struct case_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    if (case_workers(set->cases[i]) > 1) {
      return set->cases[i];
    }
  }
  return set->cases[0];
}

const char *settings_shared(const struct case_set *set, char *text, size_t size) {
  static const char *const groups[] = {"params", "options"};
  const struct result_case *result = typical_case(set);
  text[0] = '\0';
  for (size_t g = 0; g < 2 && settings_one_workload(set); g++) {
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(result->record, groups[g]), key, value) {
      char shown[64];
      size_t used = strlen(text);
      if (!is_unset(value, g == 1) && !differs(set, NULL, key)) {
        snprintf(text + used, size - used, "%s%s=%s", used > 0 ? " " : "", key,
                 setting_text(value, shown, sizeof shown));
      }
    }
  }
  return text;
}
