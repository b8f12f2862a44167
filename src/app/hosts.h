/* In what the hosts of a job differ. */
#pragma once

#include <jansson.h>

#include "core/machine.h"
#include "mpi/team.h"

/* What each host tells of itself. */
struct host_facts {
  char cpu[MACHINE_TEXT];
  char isa[16];
  struct machine machine;
};

/* This process's host. */
void host_facts_read(const struct team *team, struct host_facts *facts);

/* Collective. Those of every node's first rank into *all (malloc'ed on rank 0, team->nodes of them,
   in the order of these ranks; NULL on the others). */
enum status hosts_gather(const struct team *team, const struct host_facts *mine,
                         struct host_facts **all, struct fault *fault);

/* As results have them: {cpu, isa, kernel, governor, smt}, the last two null where the host does
   not say. */
json_t *host_record(const struct host_facts *host);

/* By fact the list of its different values, of those facts in which the hosts differ: {"cpu": ["A",
   "B"]}; null for a host that does not say. NULL where they differ in none. */
json_t *hosts_mixed(const struct host_facts *hosts, int count);
