/* Facts of several hosts, which are pretended, come together on rank 0. */
#include "mpi/mpi_test.h"

#include <stdlib.h>
#include <string.h>

#include "app/environment.h"
#include "app/hosts.h"
#include "mpi/pretended_nodes.h"

/* Node k's first rank says "CPU k", the others of the node something that must not be heard. */
static void every_host_is_heard_once(void **state) {
  (void)state;
  bool good = true;
  for (int each = 1; each <= test_team.size; each++) {
    pretend_nodes(each);
    struct host_facts mine;
    struct host_facts *all;
    struct fault fault;
    host_facts_read(&job_team, &mine);
    snprintf(mine.cpu, sizeof mine.cpu, "CPU %d%s", job_team.rank / each,
             job_team.node_rank == 0 ? "" : ", wrong");
    bool gathered = hosts_gather(&job_team, &mine, &all, &fault) == STATUS_OK;
    good = good && gathered && (all != NULL) == (job_team.rank == 0);
    for (int i = 0; good && all != NULL && i < job_team.nodes; i++) {
      char cpu[32];
      snprintf(cpu, sizeof cpu, "CPU %d", i);
      good = strcmp(all[i].cpu, cpu) == 0 &&
             strcmp(all[i].machine.kernel, mine.machine.kernel) == 0 &&
             all[i].machine.memory == mine.machine.memory;
    }
    free(all);
    end_pretending();
  }
  assert_on_all_ranks(good);
}

static void each_node_has_a_cpu(void **state) {
  (void)state;
  struct host_facts mine;
  host_facts_read(&test_team, &mine);
  assert_on_all_ranks(mine.machine.kernel[0] != '\0' &&
                      (test_team.node_rank != 0 || mine.cpu[0] != '\0'));
}

/* In the results of a job on two hosts. */
static void results_say_whether_hosts_differ(void **state) {
  (void)state;
  struct team two = test_team;
  struct host_facts hosts[2];
  two.nodes = 2;
  for (int i = 0; i < 2; i++) {
    host_facts_read(&test_team, &hosts[i]);
    snprintf(hosts[i].cpu, sizeof hosts[i].cpu, "CPU 0");
  }
  json_t *alike = environment_of(&two, hosts, NULL);
  snprintf(hosts[1].cpu, sizeof hosts[1].cpu, "CPU 1");
  json_t *mixed = environment_of(&two, hosts, NULL);
  const json_t *cpus = json_object_get(json_object_get(mixed, "mixed"), "cpu");
  bool good = json_object_get(alike, "mixed") == NULL && json_array_size(cpus) == 2 &&
              json_integer_value(json_object_get(mixed, "hosts")) == 2;
  json_decref(alike);
  json_decref(mixed);
  assert_on_all_ranks(good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_host_is_heard_once),
      cmocka_unit_test(each_node_has_a_cpu),
      cmocka_unit_test(results_say_whether_hosts_differ),
  };
  RUN_ON_ALL_RANKS(tests);
}
