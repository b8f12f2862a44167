#include "core/memory.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The number that follows `key` at the start of a line of a small file; UINT64_MAX when it is not
   there or is no number ("max"). */
static uint64_t number_in_file(const char *path, const char *key) {
  char line[256];
  uint64_t number = UINT64_MAX;
  size_t length = strlen(key);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return number;
  }
  while (number == UINT64_MAX && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, key, length) != 0 || sscanf(line + length, " %" SCNu64, &number) != 1) {
      number = UINT64_MAX;
    }
  }
  fclose(file);
  return number;
}

/* What a group's limit leaves. Files that are only cached count as used there, but give way: used
   is what processes hold. */
static uint64_t left_in_group(const char *group) {
  enum { FILE_NAME = 32 };
  char path[PATH_MAX + FILE_NAME];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", group);
  uint64_t most = number_in_file(path, "");
  if (most == UINT64_MAX) {
    return most;
  }
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.stat", group);
  uint64_t own = number_in_file(path, "anon ");
  uint64_t shared = number_in_file(path, "shmem ");
  uint64_t used = (own == UINT64_MAX ? 0 : own) + (shared == UINT64_MAX ? 0 : shared);
  return used < most ? most - used : 0;
}

/* The tightest of this process's groups; a group lies inside those whose names begin its own. */
static uint64_t left_in_groups(void) {
  char group[PATH_MAX] = "";
  uint64_t least = UINT64_MAX;
  FILE *file = fopen("/proc/self/cgroup", "r");
  if (file == NULL) {
    return least;
  }
  /* "0::/path" is the line of version 2, the only one read here. */
  while (fgets(group, sizeof group, file) != NULL && strncmp(group, "0::", 3) != 0) {
    group[0] = '\0';
  }
  fclose(file);
  if (strncmp(group, "0::/", 4) != 0) {
    return least;
  }
  char *name = group + 3;
  name[strcspn(name, "\n")] = '\0';
  for (char *slash; (slash = strrchr(name, '/')) != NULL; *slash = '\0') {
    uint64_t left = left_in_group(name);
    least = left < least ? left : least;
  }
  return least;
}

uint64_t memory_available(void) {
  uint64_t kilobytes = number_in_file("/proc/meminfo", "MemAvailable:");
  uint64_t host = kilobytes > UINT64_MAX / 1024 ? UINT64_MAX : kilobytes * 1024;
  uint64_t groups = left_in_groups();
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
