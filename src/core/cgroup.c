#include "core/cgroup.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_NAME = 64 };

/* Where a group's files lie, and of which version it is. */
struct group {
  char folder[PATH_MAX];
  int version;
};

/* The first number of a file's line that begins with `key` and a blank; with key "" of the first
   line. UINT64_MAX when it is not there or is no number ("max", "-1"). */
static uint64_t number_in(const struct group *group, const char *file, const char *key) {
  char path[PATH_MAX + FILE_NAME];
  char line[256];
  size_t length = strlen(key);
  uint64_t number = UINT64_MAX;
  snprintf(path, sizeof path, "%s/%s", group->folder, file);
  FILE *stream = fopen(path, "r");
  if (stream == NULL) {
    return number;
  }
  while (number == UINT64_MAX && fgets(line, sizeof line, stream) != NULL) {
    const char *rest = line + length;
    char *end;
    if (strncmp(line, key, length) != 0 || (length > 0 && *rest != ' ') || strchr(rest, '-')) {
      continue;
    }
    unsigned long long found = strtoull(rest, &end, 10);
    number = end == rest ? UINT64_MAX : found;
  }
  fclose(stream);
  return number;
}

/* The path of this process's group in a hierarchy: "N:controllers:/path", of version 2 "0::/path".
 */
static int find_path(const char *root, const char *controller, int version, char path[PATH_MAX]) {
  char line[PATH_MAX];
  int found = 0;
  snprintf(line, sizeof line, "%s/proc/self/cgroup", root);
  FILE *stream = fopen(line, "r");
  if (stream == NULL) {
    return 0;
  }
  while (!found && fgets(line, sizeof line, stream) != NULL) {
    char *names = strchr(line, ':');
    char *place = names == NULL ? NULL : strchr(names + 1, ':');
    if (place != NULL) {
      *place++ = '\0';
      place[strcspn(place, "\n")] = '\0';
      found = version == 2 ? names[1] == '\0' : 0;
      for (char *name = strtok(names + 1, ","); version == 1 && name != NULL;
           name = strtok(NULL, ",")) {
        found = found || strcmp(name, controller) == 0;
      }
      snprintf(path, PATH_MAX, "%s", place);
    }
  }
  fclose(stream);
  return found;
}

/* see() every group of this process: its own, those around it, and the root of the hierarchy (in a
   container that may be its own, whatever the path says). */
static void visit(const char *root, const char *controller,
                  void (*see)(const struct group *group, void *data), void *data) {
  for (int version = 1; version <= 2; version++) {
    char path[PATH_MAX];
    struct group group = {.version = version};
    if (!find_path(root, controller, version, path)) {
      continue;
    }
    for (char *slash; (slash = strrchr(path, '/')) != NULL; *slash = '\0') {
      snprintf(group.folder, sizeof group.folder, "%.100s/sys/fs/cgroup%s%s%.3900s", root,
               version == 1 ? "/" : "", version == 1 ? controller : "", path);
      see(&group, data);
    }
    snprintf(group.folder, sizeof group.folder, "%.100s/sys/fs/cgroup%s%s", root,
             version == 1 ? "/" : "", version == 1 ? controller : "");
    see(&group, data);
  }
}

static double processors_of_version2(const struct group *group) {
  char path[PATH_MAX + FILE_NAME];
  char line[64] = "";
  snprintf(path, sizeof path, "%s/cpu.max", group->folder);
  FILE *stream = fopen(path, "r");
  if (stream == NULL) {
    return INFINITY;
  }
  bool read = fgets(line, sizeof line, stream) != NULL;
  fclose(stream);
  char *rest;
  double quota = strtod(line, &rest); /* "150000 100000", or "max 100000" */
  bool limited = read && rest != line;
  double period = limited ? strtod(rest, NULL) : 0;
  return period > 0 ? quota / period : INFINITY;
}

static double processors_of_version1(const struct group *group) {
  uint64_t quota = number_in(group, "cpu.cfs_quota_us", "");
  uint64_t period = number_in(group, "cpu.cfs_period_us", "");
  bool limited = quota != UINT64_MAX && period != UINT64_MAX && period > 0;
  return limited ? (double)quota / (double)period : INFINITY;
}

static void see_processors(const struct group *group, void *data) {
  double *least = data;
  double here = group->version == 1 ? processors_of_version1(group) : processors_of_version2(group);
  *least = fmin(*least, here);
}

double cgroup_processors(const char *root) {
  double least = INFINITY;
  visit(root, "cpu", see_processors, &least);
  return least;
}

static uint64_t or_none(uint64_t bytes) {
  return bytes == UINT64_MAX ? 0 : bytes;
}

/* Files that are only cached count as used in a group, but give way: used is what processes hold.
 */
static void see_memory(const struct group *group, void *data) {
  uint64_t *least = data;
  bool old = group->version == 1;
  uint64_t most = number_in(group, old ? "memory.limit_in_bytes" : "memory.max", "");
  if (most == UINT64_MAX) {
    return;
  }
  uint64_t used = or_none(number_in(group, "memory.stat", old ? "total_rss" : "anon")) +
                  or_none(number_in(group, "memory.stat", old ? "total_shmem" : "shmem"));
  uint64_t left = used < most ? most - used : 0;
  *least = left < *least ? left : *least;
}

uint64_t cgroup_memory_left(const char *root) {
  uint64_t least = UINT64_MAX;
  visit(root, "memory", see_memory, &least);
  return least;
}
