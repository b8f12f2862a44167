#define _GNU_SOURCE /* environ */
#include "app/environment.h"

#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/hosts.h"
#include "mpi/mca_settings.h"
#include "core/clean_text.h"
#include "core/number.h"
#include "core/redis.h"
#include "core/secret.h"
#include "core/shell_words.h"
#include "git_version.h"
#include "kernels/isa.h"
#include "kernels/primes.h"

const char *environment_version(void) {
  return PARBENCH_VERSION;
}

static json_t *text_or_null(const char *text) {
  json_t *value = text == NULL ? NULL : clean_json(text);
  return value == NULL ? json_null() : value;
}

/* The job's name and its nodes are there only where SLURM says them. */
static void add_slurm(json_t *record) {
  const char *name = getenv("SLURM_JOB_NAME");
  const char *nodes = getenv("SLURM_JOB_NUM_NODES");
  uint64_t count;
  json_object_set_new(record, "slurm_job", text_or_null(getenv("SLURM_JOB_ID")));
  if (name != NULL && !secret_in_text(name)) {
    json_object_set_new(record, "slurm_name", clean_json(name));
  }
  if (nodes != NULL && number_parse_count(nodes, &count) == NUMBER_OK) {
    json_object_set_new(record, "slurm_nodes", json_integer((json_int_t)count));
  }
}

static void add_command(json_t *record, const char *const *typed) {
  char *command = typed == NULL ? NULL : shell_words_join(typed);
  json_object_set_new(record, "command", text_or_null(command));
  free(command);
}

json_t *environment_of(const struct team *team, const struct host_facts *hosts,
                       const char *const *typed) {
  uint64_t memory = hosts[0].machine.memory;
  json_t *record =
      json_pack("{s:i, s:i, s:i, s:i, s:b}", "hosts", team->nodes, "ranks", team->size, "threads",
                team->threads, "cores", team->cores, "oversubscribed", (int)team->oversubscribed);
  json_t *host = host_record(&hosts[0]);
  json_object_update(record, host);
  json_decref(host);
  json_object_set_new(record, "mpi", json_string(team->library));
  json_object_set_new(record, "memory",
                      memory == 0 ? json_null() : json_integer((json_int_t)memory));
  json_object_set_new(record, "mixed", hosts_mixed(hosts, team->nodes));
  json_object_set_new(record, "compiler", json_string(PARBENCH_COMPILER));
  json_object_set_new(record, "flags", json_string(PARBENCH_FLAGS));
  json_object_set_new(record, "git", json_string(PARBENCH_GIT));
  add_command(record, typed);
  add_slurm(record);
  json_object_set_new(record, "mca", mca_settings_record((const char *const *)environ));
  return record;
}

enum status environment_record(const struct team *team, const char *const *typed, json_t **record,
                               struct fault *fault) {
  struct host_facts mine;
  struct host_facts *hosts;
  *record = NULL;
  host_facts_read(team, &mine);
  if (hosts_gather(team, &mine, &hosts, fault) == STATUS_OK && team->rank == 0) {
    *record = environment_of(team, hosts, typed);
  }
  free(hosts);
  return fault->status;
}

void environment_print_version(FILE *out) {
  char library[TEAM_LIBRARY_TEXT];
  team_describe_library(library);
  unsigned hwloc = hwloc_get_api_version();
  fprintf(out, "parbench %s (%s)\n", PARBENCH_VERSION, PARBENCH_GIT);
  fprintf(out, "  compiler         %s\n", PARBENCH_COMPILER);
  fprintf(out, "  flags            %s\n", PARBENCH_FLAGS);
  fprintf(out, "  instruction set  %s\n", isa_name(isa_current()));
  fprintf(out, "  MPI              %s\n", library);
  fprintf(out, "  hwloc            %u.%u.%u\n", hwloc >> 16, hwloc >> 8 & 0xff, hwloc & 0xff);
  fprintf(out, "  jansson          %s\n", jansson_version_str());
  fprintf(out, "optional parts\n");
  fprintf(out, "  libprimesieve    %s\n",
          primes_have_sieve() ? primes_sieve_version()
                              : "not built in: no `primes --kernel sieve`");
  fprintf(out, "  libhiredis       %s\n",
          redis_library_version() != NULL ? redis_library_version()
                                          : "not built in: no `--flag redis`");
}
