#include "core/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cgroup.h"

/* "Pss_Anon:   112 kB": true when the line is the one so named, with its value in bytes. */
static bool read_line(const char *line, const char *name, uint64_t *bytes) {
  size_t length = strlen(name);
  if (strncmp(line, name, length) != 0 || line[length] != ':') {
    return false;
  }
  uint64_t kilobytes = strtoull(line + length + 1, NULL, 10);
  *bytes = kilobytes > UINT64_MAX / 1024 ? UINT64_MAX : kilobytes * 1024;
  return true;
}

/* What the kernel holds to be available on this host; UINT64_MAX where it does not say. */
static uint64_t available_on_host(void) {
  char line[256];
  uint64_t bytes = UINT64_MAX;
  FILE *file = fopen("/proc/meminfo", "r");
  if (file == NULL) {
    return UINT64_MAX;
  }
  while (fgets(line, sizeof line, file) != NULL && !read_line(line, "MemAvailable", &bytes)) {
  }
  fclose(file);
  return bytes;
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
    uint64_t bytes;
    if (read_line(line, "Pss_Anon", &bytes) || read_line(line, "Pss_Shmem", &bytes)) {
      total += bytes;
    }
  }
  fclose(file);
  return total;
}
