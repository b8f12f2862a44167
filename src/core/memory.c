#include "core/memory.h"

#include <limits.h>
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

/* What the kernel says of this host's memory, or `unknown`. */
static uint64_t read_meminfo(const char *root, const char *name, uint64_t unknown) {
  char path[PATH_MAX];
  char line[256];
  uint64_t bytes = unknown;
  snprintf(path, sizeof path, "%s/proc/meminfo", root);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return unknown;
  }
  while (fgets(line, sizeof line, file) != NULL && !read_line(line, name, &bytes)) {
  }
  fclose(file);
  return bytes;
}

uint64_t memory_total(const char *root) {
  return read_meminfo(root, "MemTotal", 0);
}

uint64_t memory_available(void) {
  uint64_t host = read_meminfo("", "MemAvailable", UINT64_MAX);
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
