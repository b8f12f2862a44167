#include "app/environment.h"

#include <hwloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/redis.h"
#include "git_version.h"
#include "kernels/isa.h"
#include "kernels/primes.h"

const char *environment_version(void) {
  return PARBENCH_VERSION;
}

json_t *environment_record(const struct team *team) {
  struct utsname system;
  char kernel[sizeof system.sysname + sizeof system.release + 1] = "unknown";
  if (uname(&system) == 0) {
    snprintf(kernel, sizeof kernel, "%s %s", system.sysname, system.release);
  }
  const char *slurm_job = getenv("SLURM_JOB_ID");
  return json_pack("{s:i, s:i, s:i, s:i, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s?}", "hosts",
                   team->nodes, "ranks", team->size, "threads", team->threads, "cores", team->cores,
                   "oversubscribed", (int)team->oversubscribed, "cpu", team->cpu, "isa",
                   isa_name(isa_current()), "mpi", team->library, "kernel", kernel, "compiler",
                   PARBENCH_COMPILER, "git", PARBENCH_GIT, "slurm_job", slurm_job);
}

void environment_print_version(FILE *out) {
  char library[TEAM_LIBRARY_TEXT];
  team_describe_library(library);
  unsigned hwloc = hwloc_get_api_version();
  fprintf(out, "parbench %s (%s)\n", PARBENCH_VERSION, PARBENCH_GIT);
  fprintf(out, "  compiler         %s\n", PARBENCH_COMPILER);
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
