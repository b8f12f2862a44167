/* A folder of a test's own, removed at its end. */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char temporary_folder[64];

static inline int make_temporary_folder(void **state) {
  (void)state;
  snprintf(temporary_folder, sizeof temporary_folder, "/tmp/parbench-test-XXXXXX");
  return mkdtemp(temporary_folder) == NULL;
}

/* "FOLDER/name", valid until the fourth next call. */
static inline const char *in_folder(const char *name) {
  static char paths[4][512];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", temporary_folder, name);
  return path;
}

static inline int count_files(void) {
  int count = 0;
  DIR *folder = opendir(temporary_folder);
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    count += entry->d_name[0] != '.';
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return count;
}

static inline int remove_temporary_folder(void **state) {
  (void)state;
  DIR *folder = opendir(temporary_folder);
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      remove(in_folder(entry->d_name));
    }
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return rmdir(temporary_folder);
}

static inline void write_file(const char *path, const char *bytes, size_t length) {
  FILE *file = fopen(path, "w");
  if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
    abort();
  }
}

static inline const char *read_file(const char *path) {
  static char text[4096];
  FILE *file = fopen(path, "r");
  size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
  text[length] = '\0';
  if (file != NULL) {
    fclose(file);
  }
  return text;
}
