#include "formats/fields.h"

#include <math.h>
#include <stdio.h>

#include "core/clean_text.h"
#include "core/number.h"

double fields_number(const json_t *record, const char *key, const char *inner) {
  const json_t *value = json_object_get(record, key);
  if (inner != NULL) {
    value = json_object_get(value, inner);
  }
  return json_is_number(value) ? json_number_value(value) : NAN;
}

const char *fields_text(const json_t *value, int digits, char *text, size_t size) {
  char number[NUMBER_TEXT];
  if (json_is_string(value)) {
    snprintf(text, size, "%s", json_string_value(value));
    clean_controls(clean_cut(text));
  } else if (json_is_integer(value)) {
    snprintf(text, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
  } else if (json_is_real(value) && digits > 0) {
    snprintf(text, size, "%.*g", digits, json_real_value(value));
  } else if (json_is_real(value)) {
    snprintf(text, size, "%s", number_real_text(json_real_value(value), number));
  } else if (json_is_boolean(value)) {
    snprintf(text, size, "%s", json_is_true(value) ? "yes" : "no");
  } else {
    snprintf(text, size, "none");
  }
  return text;
}

void fields_list(const json_t *list, struct table *table) {
  const json_t *first = json_array_get(list, 0);
  const char *key;
  json_t *value;
  char text[256];
  json_object_foreach((json_t *)first, key, value) {
    table_add_column(table, key, json_is_string(value));
  }
  for (size_t i = 0; table->columns > 0 && i < json_array_size(list); i++) {
    json_object_foreach(json_array_get(list, i), key, value) {
      table_add_cell(table, "%s", fields_text(value, 6, text, sizeof text));
    }
  }
}

const char *fields_workers(double ranks, double threads, char *text, size_t size) {
  int length = snprintf(text, size, "%.0f rank%s", ranks, ranks == 1 ? "" : "s");
  if (threads > 1 && length > 0 && (size_t)length < size) {
    snprintf(text + length, size - (size_t)length, " x %.0f threads", threads);
  }
  return text;
}

const char *fields_word(const json_t *record, const char *key) {
  const char *text = json_string_value(json_object_get(record, key));
  return text == NULL ? "" : text;
}

bool fields_is_of_probe(const json_t *record) {
  return json_object_get(json_object_get(record, "options"), "dispatch") == NULL;
}

bool fields_has_memory_bound(const json_t *record) {
  return json_object_get(record, "memory_bound") != NULL;
}
