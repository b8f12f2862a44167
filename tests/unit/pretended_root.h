/* A folder that stands for the root of a host's file system, removed at a test's end. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

static char root[64];

static inline int make_root(void **state) {
  (void)state;
  snprintf(root, sizeof root, "/tmp/parbench-root-XXXXXX");
  return mkdtemp(root) == NULL;
}

static inline int remove_root(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -r '%s'", root);
  return system(command); /* NOLINT(cert-env33-c): a path of our own */
}

/* A file below the root, with the folders that it needs. */
static inline void put(const char *path, const char *text) {
  char command[512];
  char whole[256];
  snprintf(whole, sizeof whole, "%s/%s", root, path);
  snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", whole);
  assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
  FILE *file = fopen(whole, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}
