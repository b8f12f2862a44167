#include "core/memory.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/cgroup.h"

/* What the kernel holds to be available on this host; UINT64_MAX where it does not say. */
static uint64_t available_on_host(void) {
  char line[256];
  uint64_t kilobytes = UINT64_MAX;
  FILE *file = fopen("/proc/meminfo", "r");
  if (file == NULL) {
    return UINT64_MAX;
  }
  while (fgets(line, sizeof line, file) != NULL &&
         sscanf(line, "MemAvailable: %" SCNu64, &kilobytes) != 1) {
  }
  fclose(file);
  return kilobytes > UINT64_MAX / 1024 ? UINT64_MAX : kilobytes * 1024;
}

uint64_t memory_available(void) {
  uint64_t host = available_on_host();
  uint64_t groups = cgroup_memory_left("");
  return host < groups ? host : groups;
}

enum status memory_check(uint64_t bytes, const char *what, struct fault *fault) {
  uint64_t available = memory_available();
  return bytes <= available
             ? STATUS_OK
             : fault_set(fault, STATUS_FAILED,
                         "out of memory: %s would take %.2f GiB, and %.2f GiB are available", what,
                         (double)bytes / 0x1p30, (double)available / 0x1p30);
}

uint64_t memory_proportional(void) {
  char line[256];
  uint64_t total = 0;
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  if (file == NULL) {
    return 0;
  }
  while (fgets(line, sizeof line, file) != NULL) {
    uint64_t kilobytes;
    if (sscanf(line, "Pss_Anon: %" SCNu64, &kilobytes) == 1 ||
        sscanf(line, "Pss_Shmem: %" SCNu64, &kilobytes) == 1) {
      total += kilobytes * 1024;
    }
  }
  fclose(file);
  return total;
}
