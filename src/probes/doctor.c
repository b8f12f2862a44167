/* doctor: is this launch what was meant? Who runs where, on which cores, how fast; what is wrong,
   and what mends it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "mpi/census.h"
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
  double short_seconds, long_seconds;
};

/* The lowest rank other than 0 that is, or is not, on rank 0's node; the same on all ranks. */
static int find_partner(const struct team *team, const struct census_entry *entries,
                        bool same_node) {
  int partner = -1;
  for (int rank = team->size - 1; team->rank == 0 && rank > 0; rank--) {
    partner = (entries[rank].node == entries[0].node) == same_node ? rank : partner;
  }
  team_broadcast(team, team->comm, 0, &partner, sizeof partner, WAIT_BRISK);
  return partner;
}

static struct link measure_link(const struct team *team, const struct census_entry *entries,
                                bool same_node) {
  struct link link = {.rank = find_partner(team, entries, same_node)};
  if (link.rank >= 0) {
    link.short_seconds = census_message_seconds(team, 0, link.rank, SHORT_MESSAGE);
    link.long_seconds = census_message_seconds(team, 0, link.rank, LONG_MESSAGE);
  }
  return link;
}

static void add_link(json_t *facts, const char *key, const struct link *link) {
  if (link->rank >= 0) {
    json_object_set_new(facts, key,
                        json_sprintf("%.3g us for %d bytes, %.3g GB/s for 1 MiB, to rank %d",
                                     1e6 * link->short_seconds, SHORT_MESSAGE,
                                     LONG_MESSAGE / link->long_seconds / 1e9, link->rank));
  }
}

/* Settings of Open MPI in the environment, be they the user's, mpirun's or our own. */
static void add_settings(json_t *facts) {
  static const char *const names[] = {"OMPI_MCA_osc", "OMPI_MCA_pml", "OMPI_MCA_btl",
                                      "OMPI_MCA_mpi_yield_when_idle",
                                      "OMPI_MCA_rmaps_base_oversubscribe"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (getenv(names[i]) != NULL) {
      json_object_set_new(facts, names[i], json_string(getenv(names[i])));
    }
  }
}

static json_t *entry_record(const struct census_entry *entry, int rank) {
  json_t *record =
      json_pack("{s:i, s:s, s:i, s:i, s:i, s:i, s:s, s:f, s:f, s:I, s:I}", "rank", rank, "host",
                entry->host, "pid", entry->pid, "parent", entry->parent, "cores", entry->cores,
                "hardware_threads", entry->cpus, "allowed", entry->cpu_list, "work_ms",
                1e3 * entry->work_seconds, "core_share", entry->share, "memory_free",
                (json_int_t)entry->memory, "shared_memory_free", (json_int_t)entry->shared_memory);
  if (isfinite(entry->processors)) {
    json_object_set_new(record, "processors", json_real(entry->processors));
  }
  if (entry->governor[0] != '\0') {
    json_object_set_new(record, "governor", json_string(entry->governor));
  }
  return record;
}

static void fill_outcome(const struct team *team, const struct census_entry *entries,
                         struct outcome *outcome) {
  struct finding findings[DIAGNOSIS_MOST];
  size_t count = diagnosis_make(entries, team->size, findings);
  json_t *ranks = json_array();
  json_t *problems = json_array();
  for (int rank = 0; rank < team->size; rank++) {
    json_array_append_new(ranks, entry_record(&entries[rank], rank));
  }
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(problems, json_pack("{s:s, s:s}", "problem", findings[i].problem,
                                              "remedy", findings[i].remedy));
  }
  json_object_set_new(outcome->answer, "hosts", json_integer(team->nodes));
  json_object_set_new(outcome->answer, "ranks", json_integer(team->size));
  json_object_set_new(outcome->answer, "cores", json_integer(team->cores));
  json_object_set_new(outcome->answer, "processes", ranks);
  json_object_set_new(outcome->answer, "problems", problems);
  json_object_set_new(outcome->facts, "mpi", json_string(team->library));
  outcome->right = count == 0;
  snprintf(outcome->check, sizeof outcome->check, "%zu problem%s found%s", count,
           count == 1 ? "" : "s", count == 0 ? "" : ", each with what mends it");
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
  census_take(team, entries);
  struct link near = measure_link(team, entries, true);
  struct link far = measure_link(team, entries, false);
  if (team->rank == 0) {
    fill_outcome(team, entries, outcome);
    add_link(outcome->facts, "message within a host", &near);
    add_link(outcome->facts, "message between hosts", &far);
    add_settings(outcome->facts);
    *report =
        (struct probe_report){.items = (uint64_t)team->size, .seconds = clock_seconds() - start};
  }
  free(entries);
  return team_agree(team, fault);
}

/* Who runs where. */
static void doctor_tabulate(const json_t *answer, struct table *table) {
  size_t index;
  json_t *process;
  table_add_column(table, "rank", false);
  table_add_column(table, "host", true);
  table_add_column(table, "pid", false);
  table_add_column(table, "parent", false);
  table_add_column(table, "cores", false);
  table_add_column(table, "allowed threads", true);
  table_add_column(table, "work ms", false);
  table_add_column(table, "core %", false);
  json_array_foreach(json_object_get(answer, "processes"), index, process) {
    table_add_cell(table, "%zu", index);
    table_add_cell(table, "%s", json_string_value(json_object_get(process, "host")));
    for (int i = 0; i < 3; i++) {
      static const char *const keys[] = {"pid", "parent", "cores"};
      table_add_cell(table, "%" JSON_INTEGER_FORMAT,
                     json_integer_value(json_object_get(process, keys[i])));
    }
    table_add_cell(table, "%s", json_string_value(json_object_get(process, "allowed")));
    table_add_cell(table, "%.2f", json_number_value(json_object_get(process, "work_ms")));
    table_add_cell(table, "%.0f", 100 * json_number_value(json_object_get(process, "core_share")));
  }
}

static void doctor_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%zu problems", json_array_size(json_object_get(answer, "problems")));
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
