#include "core/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a link names, seen from where the link stands; NULL when the path is no link. */
static char *read_link(const char *path) {
  char target[PATH_MAX];
  ssize_t length = readlink(path, target, sizeof target);
  if (length < 0 || (size_t)length >= sizeof target) {
    return NULL;
  }
  const char *slash = strrchr(path, '/');
  int folder_length = *target == '/' || slash == NULL ? 0 : (int)(slash - path) + 1;
  size_t size = (size_t)folder_length + (size_t)length + 1;
  char *named = malloc(size);
  if (named != NULL) {
    snprintf(named, size, "%.*s%.*s", folder_length, path, (int)length, target);
  }
  return named;
}

/* The path with links resolved, also when its last part does not exist yet. */
static char *resolve(const char *path) {
  char *whole = realpath(path, NULL);
  if (whole != NULL || errno != ENOENT) {
    return whole;
  }
  /* A link to a file that is still to be made. (A circle of links would not be ENOENT; and what
     /dev/stdout leads to may be there without having a path.) */
  struct stat info;
  char *named = stat(path, &info) == 0 ? NULL : read_link(path);
  if (named != NULL) {
    whole = resolve(named);
    free(named);
    return whole;
  }
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  size_t folder_length = slash == NULL ? 1 : (size_t)(slash - path) + 1;
  if (*name == '\0') {
    errno = EISDIR;
    return NULL;
  }
  char *folder = strndup(slash == NULL ? "." : path, folder_length);
  char *resolved = folder == NULL ? NULL : realpath(folder, NULL);
  free(folder);
  if (resolved == NULL) {
    return NULL;
  }
  size_t size = strlen(resolved) + strlen(name) + 2;
  whole = malloc(size);
  if (whole != NULL) {
    snprintf(whole, size, "%s/%s", strcmp(resolved, "/") == 0 ? "" : resolved, name);
  }
  free(resolved);
  return whole;
}

static FILE *open_stream(const struct output_file *file) {
  const char *path = file->temporary == NULL ? file->path : file->temporary;
  /* 0666 leaves the permissions to the user's umask, as any program that writes a file does. */
  int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (file->temporary == NULL ? 0 : O_TRUNC);
  int descriptor = open(path, flags, 0666);
  if (descriptor < 0) {
    return NULL;
  }
  FILE *stream = fdopen(descriptor, "w");
  if (stream == NULL) {
    close(descriptor);
  }
  return stream;
}

static char *temporary_name(const char *path) {
  size_t size = strlen(path) + 32;
  char *name = malloc(size);
  if (name != NULL) {
    snprintf(name, size, "%s.%ld.tmp", path, (long)getpid());
  }
  return name;
}

/* A file that a stream of this process already goes to, under whatever name (/dev/stdout):
   replaced, it would lose what the shell and others put there. NULL: it is none. */
static const char *stream_of(const struct output_file *file) {
  struct stat wanted;
  struct stat taken;
  if (file->path == NULL || stat(file->path, &wanted) != 0 || !S_ISREG(wanted.st_mode)) {
    return NULL;
  }
  for (int descriptor = STDOUT_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
    if (fstat(descriptor, &taken) == 0 && taken.st_dev == wanted.st_dev &&
        taken.st_ino == wanted.st_ino) {
      return descriptor == STDOUT_FILENO ? "stdout" : "stderr";
    }
  }
  return NULL;
}

/* Try it out, leaving nothing behind; errno says why not. */
static bool can_be_written(struct output_file *file) {
  struct stat info;
  bool exists = stat(file->path, &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return false;
  }
  /* A file that may not be written is not replaced either, though its folder would allow it. */
  if (exists && access(file->path, W_OK) != 0) {
    return false;
  }
  if (exists && !S_ISREG(info.st_mode)) {
    return true; /* not opened: the reader of a pipe would take the close for the end */
  }
  file->temporary = temporary_name(file->path);
  if (file->temporary == NULL) {
    return false;
  }
  FILE *stream = open_stream(file);
  if (stream == NULL) {
    return false;
  }
  fclose(stream);
  unlink(file->temporary);
  return true;
}

enum status output_file_open(struct output_file *file, const char *option, const char *path,
                             struct fault *fault) {
  *file = (struct output_file){.path = resolve(path)};
  const char *stream = stream_of(file);
  if (stream != NULL) {
    output_file_close(file);
    return fault_set(fault, STATUS_USAGE,
                     "%s: '%s' is the file that %s goes to, and would be replaced: accepted is "
                     "another one",
                     option, path, stream);
  }
  if (file->path != NULL && can_be_written(file)) {
    return STATUS_OK;
  }
  fault_set(fault, STATUS_USAGE, "%s: '%s' cannot be written: %s", option, path, strerror(errno));
  output_file_close(file);
  return fault->status;
}

FILE *output_file_begin(struct output_file *file, struct fault *fault) {
  FILE *stream = open_stream(file);
  struct stat info;
  if (stream == NULL) {
    fault_set(fault, STATUS_FAILED, "'%s' cannot be written: %s", file->path, strerror(errno));
  } else if (file->temporary != NULL && stat(file->path, &info) == 0) {
    fchmod(fileno(stream), info.st_mode & 07777); /* the new file is as readable as the old one */
  }
  return stream;
}

enum status output_file_commit(struct output_file *file, FILE *stream, struct fault *fault) {
  bool good = fflush(stream) == 0 && !ferror(stream);
  /* On disk before the rename: after a crash the target is the old file or the new, never half. */
  good = good && (file->temporary == NULL || fsync(fileno(stream)) == 0);
  good = fclose(stream) == 0 && good;
  good = good && (file->temporary == NULL || rename(file->temporary, file->path) == 0);
  if (!good) {
    fault_set(fault, STATUS_FAILED, "'%s' cannot be written: %s", file->path, strerror(errno));
    if (file->temporary != NULL) {
      unlink(file->temporary);
    }
    return fault->status;
  }
  return STATUS_OK;
}

void output_file_discard(struct output_file *file, FILE *stream) {
  fclose(stream);
  if (file->temporary != NULL) {
    unlink(file->temporary);
  }
}

enum status output_file_replace(struct output_file *file, void (*write)(void *data, FILE *stream),
                                void *data, struct fault *fault) {
  FILE *stream = output_file_begin(file, fault);
  if (stream == NULL) {
    return fault->status;
  }
  write(data, stream);
  return output_file_commit(file, stream, fault);
}

bool output_file_is_same(const struct output_file *one, const struct output_file *other) {
  return one->temporary != NULL && other->temporary != NULL && strcmp(one->path, other->path) == 0;
}

void output_file_close(struct output_file *file) {
  free(file->path);
  free(file->temporary);
  *file = (struct output_file){0};
}
