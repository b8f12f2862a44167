#include "app/hosts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/isa.h"

void host_facts_read(const struct team *team, struct host_facts *facts) {
  *facts = (struct host_facts){0};
  machine_read("", &facts->machine);
  snprintf(facts->cpu, sizeof facts->cpu, "%s", team->cpu);
  snprintf(facts->isa, sizeof facts->isa, "%s", isa_name(isa_current()));
}

enum status hosts_gather(const struct team *team, const struct host_facts *mine,
                         struct host_facts **all, struct fault *fault) {
  *all = NULL;
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    *all = calloc((size_t)team->nodes, sizeof **all);
    if (*all == NULL) {
      fault_set(fault, STATUS_FAILED, "out of memory");
    }
  }
  if (team_agree(team, fault) == STATUS_OK) {
    team_gather_nodes(team, mine, sizeof *mine, *all);
  }
  return fault->status;
}

static json_t *text_of(const char *text) {
  json_t *value = text[0] == '\0' ? NULL : json_string(text);
  return value == NULL ? json_null() : value;
}

json_t *host_record(const struct host_facts *host) {
  const struct machine *machine = &host->machine;
  const char *smt = machine->smt == SMT_ON ? "on" : machine->smt == SMT_OFF ? "off" : "";
  return json_pack("{s:s, s:s, s:s, s:o, s:o}", "cpu", host->cpu, "isa", host->isa, "kernel",
                   machine->kernel, "governor", text_of(machine->governor), "smt", text_of(smt));
}

static bool holds(const json_t *list, const json_t *value) {
  size_t index;
  json_t *each;
  json_array_foreach((json_t *)list, index, each) {
    if (json_equal(each, value)) {
      return true;
    }
  }
  return false;
}

/* The different values of one fact. */
static json_t *values_of(const json_t *records, const char *key) {
  json_t *values = json_array();
  for (size_t i = 0; i < json_array_size(records); i++) {
    json_t *value = json_object_get(json_array_get(records, i), key);
    if (!holds(values, value)) {
      json_array_append(values, value);
    }
  }
  return values;
}

json_t *hosts_mixed(const struct host_facts *hosts, int count) {
  json_t *records = json_array();
  json_t *mixed = json_object();
  const char *key;
  json_t *first;
  for (int i = 0; i < count; i++) {
    json_array_append_new(records, host_record(&hosts[i]));
  }
  json_object_foreach(json_array_get(records, 0), key, first) {
    json_t *values = values_of(records, key);
    if (json_array_size(values) > 1) {
      json_object_set(mixed, key, values);
    }
    json_decref(values);
  }
  json_decref(records);
  if (json_object_size(mixed) == 0) {
    json_decref(mixed);
    return NULL;
  }
  return mixed;
}
