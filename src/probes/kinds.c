#include "probes/kinds.h"

#include <string.h>

#include "core/redis.h"

static const char REDIS[] = "redis";

bool kinds_all(const char *asked) {
  return strcmp(asked, "all") == 0;
}

bool kinds_wanted(const char *asked, const char *name) {
  return kinds_all(asked) || strcmp(asked, name) == 0;
}

enum status kinds_check_build(const char *asked, struct fault *fault) {
  if (strcmp(asked, REDIS) == 0 && redis_library_version() == NULL) {
    return fault_set(fault, STATUS_USAGE,
                     "--kind: 'redis' needs libhiredis, which this build lacks");
  }
  return STATUS_OK;
}

enum status kinds_check_server(const char *probe, const char *asked, const char *server,
                               struct fault *fault) {
  if (server != NULL && !kinds_wanted(asked, REDIS)) {
    return fault_set(fault, STATUS_USAGE, "%s: --redis: only --kind redis asks a server", probe);
  }
  return STATUS_OK;
}

json_t *kinds_record(const char *name) {
  return json_pack("{s:s}", "kind", name);
}

json_t *kinds_left_out(const char *name, const char *reason) {
  return json_pack("{s:s, s:s}", "kind", name, "left_out", reason);
}

void kinds_put(json_t *facts, json_t *records, bool several) {
  if (several) {
    json_object_set(facts, "kinds", records);
  } else {
    json_object_update(facts, json_array_get(records, 0));
  }
}

static void add_cell(struct table *table, const json_t *value, double scale) {
  if (json_is_boolean(value)) {
    table_add_cell(table, "%s", json_is_true(value) ? "yes" : "no");
  } else if (json_is_number(value) && scale != 0) {
    table_add_cell(table, "%.9g", scale * json_number_value(value));
  } else if (json_is_integer(value)) {
    table_add_cell(table, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
  } else {
    table_add_cell(table, "%s", json_is_string(value) ? json_string_value(value) : "");
  }
}

static void add_row(struct table *table, const struct kinds_column *columns, const json_t *record) {
  const json_t *left_out = json_object_get(record, "left_out");
  add_cell(table, json_object_get(record, "kind"), 0);
  for (size_t i = 0; columns[i].heading != NULL; i++) {
    add_cell(table, json_object_get(record, columns[i].key), columns[i].scale);
  }
  if (left_out != NULL) {
    table_add_cell(table, "left out: %s", json_string_value(left_out));
  } else {
    add_cell(table, json_object_get(record, "note"), 0);
  }
}

void kinds_tabulate(const json_t *facts, const struct kinds_column *columns, struct table *table) {
  const json_t *records = json_object_get(facts, "kinds");
  table_add_column(table, "kind", true);
  for (size_t i = 0; columns[i].heading != NULL; i++) {
    if (columns[i].scale != 0) {
      table_add_real_column(table, columns[i].heading);
    } else {
      table_add_column(table, columns[i].heading, false);
    }
  }
  table_add_column(table, "note", true);
  if (records == NULL) {
    add_row(table, columns, facts);
  }
  for (size_t i = 0; i < json_array_size(records); i++) {
    add_row(table, columns, json_array_get(records, i));
  }
}
