#include "mpi/mca_settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/clean_text.h"
#include "core/secret.h"

/* What mpirun gives every process for its own use, and MPI_Init to one without mpirun: not settings
   but addresses, numbers of processes and folders. */
static bool is_wiring(const char *name) {
  static const char *const prefixes[] = {"orte_", "ess", "pmix", "plm_", "odls_", "rmaps_lsf"};
  static const char *const names[] = {"initial_wdir", "mpi_oversubscribe",
                                      "shmem_RUNTIME_QUERY_hint"};
  for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
    if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
      return true;
    }
  }
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (strcmp(name, names[i]) == 0) {
      return true;
    }
  }
  return false;
}

json_t *mca_settings_record(const char *const *variables) {
  static const char prefix[] = MCA_PREFIX;
  json_t *record = json_object();
  for (size_t i = 0; variables[i] != NULL; i++) {
    char name[MCA_NAME];
    const char *equals = strchr(variables[i], '=');
    const char *start = variables[i] + sizeof prefix - 1;
    if (strncmp(variables[i], prefix, sizeof prefix - 1) != 0 || equals == NULL) {
      continue;
    }
    snprintf(name, sizeof name, "%.*s", (int)(equals - start), start);
    if (!is_wiring(name) && !secret_in_name(name) && !secret_in_text(equals + 1)) {
      json_object_set_new(record, name, clean_json(equals + 1));
    }
  }
  return record;
}
