#define _GNU_SOURCE /* environ */
/* doctor: is this launch what was meant? Who runs where, on which cores, how fast; what is wrong,
   and what mends it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "mpi/census.h"
#include "mpi/launcher.h"
#include "mpi/library.h"
#include "mpi/mca_settings.h"
#include "mpi/one_sided.h"
#include "probes/diagnosis.h"
#include "probes/probe.h"

struct doctor {
  char unused; /* it takes no options: a struct may not be empty */
};

static const struct option_row options[] = {{0}};

/* What the ranks' messages take, from rank 0 to a neighbour and to another host. */
enum { SHORT_MESSAGE = 8, LONG_MESSAGE = 1 << 20 };

struct link {
  int rank; /* whom rank 0 talks to; -1: there is none such */
  bool same_node;
  double short_seconds, long_seconds;
};

/* The lowest rank other than 0 that is, or is not, on rank 0's node; the same on all ranks. */
static int find_partner(const struct team *team, const struct census_entry *entries,
                        bool same_node) {
  int partner = -1;
  for (int rank = team->size - 1; entries != NULL && rank > 0; rank--) {
    partner = (entries[rank].node == entries[0].node) == same_node ? rank : partner;
  }
  team_broadcast(team, team->comm, 0, &partner, sizeof partner, WAIT_BRISK);
  return partner;
}

static struct link measure_link(const struct team *team, const struct census_entry *entries,
                                bool same_node) {
  struct link link = {.rank = find_partner(team, entries, same_node), .same_node = same_node};
  if (link.rank >= 0) {
    link.short_seconds = census_message_seconds(team, 0, link.rank, SHORT_MESSAGE);
    link.long_seconds = census_message_seconds(team, 0, link.rank, LONG_MESSAGE);
  }
  return link;
}

static void add_link(json_t *links, const struct link *link, const char *transport) {
  if (link->rank >= 0) {
    json_array_append_new(
        links, json_pack("{s:s, s:s, s:i, s:i, s:f, s:f}", "path",
                         link->same_node ? "within a host" : "between hosts", "transport",
                         transport[0] == '\0' ? "unknown" : transport, "from", 0, "to", link->rank,
                         "latency_us", 1e6 * link->short_seconds, "gbps",
                         LONG_MESSAGE / link->long_seconds / 1e9));
  }
}

/* By the names under which a user can change them. */
static void add_settings(json_t *facts) {
  const char *setting;
  json_t *value;
  json_t *settings = mca_settings_record((const char *const *)environ);
  json_object_foreach(settings, setting, value) {
    char name[sizeof MCA_PREFIX + MCA_NAME];
    snprintf(name, sizeof name, MCA_PREFIX "%s", setting);
    json_object_set(facts, name, value);
  }
  json_decref(settings);
}

/* What is wrong with a rank itself; what is wrong with its host stands in the list of problems. */
static json_t *kinds_of_rank(const struct launch *launch, const struct finding *findings,
                             size_t count, int rank) {
  json_t *kinds = json_array();
  for (size_t i = 0; i < count; i++) {
    if (diagnosis_concerns(launch, &findings[i], rank)) {
      json_array_append_new(kinds, json_string(findings[i].kind));
    }
  }
  return kinds;
}

static json_t *process_record(const struct census_entry *entry, int rank, json_t *kinds) {
  json_t *record =
      json_pack("{s:i, s:s, s:i, s:i, s:i, s:i, s:s, s:f, s:f, s:o}", "rank", rank, "host",
                entry->host, "pid", entry->pid, "parent", entry->parent, "cores", entry->cores,
                "hardware_threads", entry->cpus, "allowed", entry->cpu_list, "work_ms",
                1e3 * entry->work_seconds, "core_share", entry->share, "problems", kinds);
  if (entry->governor[0] != '\0') {
    json_object_set_new(record, "governor", json_string(entry->governor));
  }
  return record;
}

/* null: no limit. */
static json_t *number_or_null(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static double rounded(double value, double unit) {
  return round(value / unit) * unit + 0.0; /* no "-0" */
}

/* All fields are there on all hosts: they are the columns of a table. */
static json_t *host_record(const struct census_entry *first, int ranks, double time_of_day) {
  return json_pack("{s:s, s:i, s:i, s:i, s:o, s:I, s:I, s:f, s:f}", "host", first->host, "ranks",
                   ranks, "cores", first->node_cores, "host_cores", first->host_cores,
                   "cgroup_processors", number_or_null(first->processors), "memory_mib",
                   (json_int_t)(first->memory >> 20), "shm_mib",
                   (json_int_t)(first->shared_memory >> 20), "time_of_day_ahead_s",
                   rounded(first->wall_clock - time_of_day, 1e-3), "clock_ahead_s",
                   rounded(first->clock_ahead, 1e-6));
}

static json_t *list_hosts(const struct team *team, const struct census_entry *entries) {
  json_t *list = json_array();
  for (int node = 0; node < team->nodes; node++) {
    int first = -1;
    int ranks = 0;
    for (int rank = team->size - 1; rank >= 0; rank--) {
      ranks += entries[rank].node == node;
      first = entries[rank].node == node ? rank : first;
    }
    if (first >= 0) {
      json_array_append_new(list, host_record(&entries[first], ranks, entries[0].wall_clock));
    }
  }
  return list;
}

/* "2 problems: oversubscribed, shared-memory": each kind once. */
static void sum_up(const struct finding *findings, size_t count, char *text, size_t size) {
  if (count == 0) {
    snprintf(text, size, "nothing is wrong with this launch");
    return;
  }
  snprintf(text, size, "%zu problem%s", count, count == 1 ? "" : "s");
  for (size_t i = 0; i < count; i++) {
    size_t used = strlen(text);
    size_t earlier = 0;
    while (earlier < i && strcmp(findings[earlier].kind, findings[i].kind) != 0) {
      earlier++;
    }
    if (earlier == i) {
      snprintf(text + used, size - used, "%s%s", i == 0 ? ": " : ", ", findings[i].kind);
    }
  }
}

static json_t *finding_record(const struct finding *finding, const char *host) {
  return json_pack("{s:s, s:s?, s:s, s:s}", "kind", finding->kind, "host", host, "problem",
                   finding->problem, "remedy", finding->remedy);
}

static const char *host_of(const struct team *team, const struct census_entry *entries, int node) {
  for (int rank = 0; rank < team->size; rank++) {
    if (entries[rank].node == node) {
      return entries[rank].host;
    }
  }
  return NULL;
}

static enum status fill_outcome(const struct team *team, const struct launch *launch,
                                struct outcome *outcome, struct fault *fault) {
  struct finding *findings = calloc(diagnosis_most(team->nodes), sizeof *findings);
  if (findings == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  size_t count = diagnosis_make(launch, findings);
  json_t *ranks = json_array();
  json_t *problems = json_array();
  for (int rank = 0; rank < team->size; rank++) {
    json_t *kinds = kinds_of_rank(launch, findings, count, rank);
    json_array_append_new(ranks, process_record(&launch->entries[rank], rank, kinds));
  }
  for (size_t i = 0; i < count; i++) {
    const char *host = host_of(team, launch->entries, findings[i].node);
    json_array_append_new(problems, finding_record(&findings[i], host));
  }
  json_object_set_new(outcome->answer, "hosts", json_integer(team->nodes));
  json_object_set_new(outcome->answer, "ranks", json_integer(team->size));
  json_object_set_new(outcome->answer, "cores", json_integer(team->cores));
  json_object_set_new(outcome->answer, "processes", ranks);
  json_object_set_new(outcome->answer, "problems", problems);
  outcome->right = count == 0;
  sum_up(findings, count, outcome->check, sizeof outcome->check);
  free(findings);
  return STATUS_OK;
}

static void fill_facts(const struct team *team, const struct launch *launch,
                       const struct library *library, const struct link links[2], json_t *facts) {
  json_t *list = json_array();
  add_link(list, &links[0], library->within_host);
  add_link(list, &links[1], library->between_hosts);
  json_object_set_new(facts, "mpi", json_string(team->library));
  json_object_set_new(facts, "osc", json_string(launch->osc[0] == '\0' ? "default" : launch->osc));
  json_object_set_new(facts, "one_sided", json_boolean(launch->one_sided));
  add_settings(facts);
  json_object_set_new(facts, "by_host", list_hosts(team, launch->entries));
  json_object_set_new(facts, "messages", list);
}

/* Whether one-sided operations can be set up; the same on all ranks. */
static bool try_one_sided(const struct team *team) {
  uint64_t *base;
  MPI_Win window;
  struct fault fault = {.status = STATUS_OK};
  if (one_sided_open(team, sizeof *base, &base, &window, &fault) != STATUS_OK) {
    return false;
  }
  one_sided_close(team, &window);
  return true;
}

static enum status doctor_run(const struct probe_job *job, struct outcome *outcome,
                              struct probe_report *report, struct fault *fault) {
  const struct team *team = job->team;
  double start = clock_seconds();
  struct census_entry *entries = NULL;
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    entries = calloc((size_t)team->size, sizeof *entries);
    if (entries == NULL) {
      fault_set(fault, STATUS_FAILED, "out of memory");
    }
  }
  if (team_agree(team, fault) != STATUS_OK) {
    free(entries);
    return fault->status;
  }
  struct library library;
  library_look(&library);
  census_take(team, library.copies_directly, entries);
  struct link links[2] = {measure_link(team, entries, true), measure_link(team, entries, false)};
  struct launch launch = {.entries = entries,
                          .size = team->size,
                          .tasks_left_alone = launcher_tasks_left_alone(team->size),
                          .open_mpi_4 = library_is_open_mpi_4(),
                          .one_sided = try_one_sided(team),
                          .osc = library.osc};
  if (entries != NULL && fill_outcome(team, &launch, outcome, fault) == STATUS_OK) { /* rank 0 */
    fill_facts(team, &launch, &library, links, outcome->facts);
    *report = (struct probe_report){.seconds = clock_seconds() - start}; /* there is no rate */
  }
  free(entries);
  return team_agree(team, fault);
}

/* "same-core slow-core" */
static void join_kinds(const json_t *kinds, char *text, size_t size) {
  size_t index;
  json_t *kind;
  text[0] = '\0';
  json_array_foreach((json_t *)kinds, index, kind) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ", json_string_value(kind));
  }
}

static void add_integer_cell(struct table *table, const json_t *process, const char *key) {
  table_add_cell(table, "%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(process, key)));
}

/* Who runs where. */
static void doctor_tabulate(const json_t *answer, struct table *table) {
  static const char *const counts[] = {"pid", "parent", "cores", "hardware_threads"};
  size_t index;
  json_t *process;
  char kinds[256];
  table_add_column(table, "rank", false);
  table_add_column(table, "host", true);
  table_add_column(table, "pid", false);
  table_add_column(table, "parent", false);
  table_add_column(table, "cores", false);
  table_add_column(table, "threads", false);
  table_add_column(table, "allowed", true);
  table_add_column(table, "work_ms", false);
  table_add_column(table, "core_%", false);
  table_add_column(table, "problems", true);
  json_array_foreach(json_object_get(answer, "processes"), index, process) {
    const char *host = json_string_value(json_object_get(process, "host"));
    table_add_cell(table, "%zu", index);
    table_add_cell(table, "%s", host);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
      add_integer_cell(table, process, counts[i]);
    }
    table_add_cell(table, "%s", json_string_value(json_object_get(process, "allowed")));
    table_add_cell(table, "%.2f", json_number_value(json_object_get(process, "work_ms")));
    table_add_cell(table, "%.0f", 100 * json_number_value(json_object_get(process, "core_share")));
    join_kinds(json_object_get(process, "problems"), kinds, sizeof kinds);
    table_add_cell(table, "%s", kinds);
  }
}

static void doctor_brief(const json_t *answer, char *text, size_t size) {
  size_t count = json_array_size(json_object_get(answer, "problems"));
  snprintf(text, size, "%zu problem%s", count, count == 1 ? "" : "s");
}

const struct probe doctor_probe = {
    .name = "doctor",
    .summary = "is this launch what you meant? ranks, cores, speed, and what mends what is wrong",
    .item = "rank",
    .example = "",
    .options = options,
    .parameters_size = sizeof(struct doctor),
    .run = doctor_run,
    .tabulate = doctor_tabulate,
    .brief = doctor_brief,
};
