/* file and file-lock: the counter is a number in a file that each rank reads and writes, without
   any care or under a lock of the file. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "probes/counter_kind.h"

/* The file: the number in 20 digits, a blank, and a word by which the ranks know that they all see
   the same file. */
enum { DIGITS = 20, WORD = 16, FILE_SIZE = DIGITS + 1 + WORD };

struct file_counter {
  const struct team *team;
  int file; /* -1: not open */
  char path[PATH_MAX];
  char expected[FILE_SIZE + 1]; /* what rank 0 wrote into the new file */
};

static enum status complain(const struct file_counter *counter, const char *deed,
                            struct fault *fault) {
  return fault_set(fault, STATUS_FAILED, "--file: '%.300s' cannot be %s: %s", counter->path, deed,
                   strerror(errno));
}

/* Rank 0. A file of the user's is never written over. */
static enum status make_file(struct file_counter *counter, const char *path, struct fault *fault) {
  uint64_t random;
  const char *folder = getenv("TMPDIR");
  if (path != NULL) {
    snprintf(counter->path, sizeof counter->path, "%s", path);
    counter->file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  } else {
    snprintf(counter->path, sizeof counter->path, "%s/parbench-counter-XXXXXX",
             folder == NULL || *folder == '\0' ? "/tmp" : folder);
    counter->file = mkstemp(counter->path);
  }
  if (counter->file < 0) {
    return fault_set(fault, STATUS_USAGE, "--file: '%.300s' cannot be made: %s", counter->path,
                     strerror(errno));
  }
  if (getrandom(&random, sizeof random, 0) != sizeof random) {
    return fault_set(fault, STATUS_FAILED, "no random numbers");
  }
  snprintf(counter->expected, sizeof counter->expected, "%0*d %0*" PRIx64, DIGITS, 0, WORD, random);
  /* Over a network, others see what has been brought to the server. */
  if (pwrite(counter->file, counter->expected, FILE_SIZE, 0) != FILE_SIZE ||
      fsync(counter->file) != 0) {
    return complain(counter, "written", fault);
  }
  return STATUS_OK;
}

/* The other ranks. */
static enum status find_file(struct file_counter *counter, struct fault *fault) {
  char found[FILE_SIZE + 1] = "";
  counter->file = open(counter->path, O_RDWR | O_CLOEXEC);
  if (counter->file >= 0 && pread(counter->file, found, FILE_SIZE, 0) < 0) {
    return complain(counter, "read", fault);
  }
  if (counter->file < 0 && errno != ENOENT) {
    return complain(counter, "opened", fault);
  }
  if (strcmp(found, counter->expected) != 0) {
    return fault_set(fault, STATUS_USAGE,
                     "--file: '%.300s' is not the file that rank 0 has made there: needed is a "
                     "path that all hosts share",
                     counter->path);
  }
  return STATUS_OK;
}

static void file_close(void *state) {
  struct file_counter *counter = state;
  if (counter->file >= 0) {
    close(counter->file);
  }
  if (counter->team->rank == 0 && counter->expected[0] != '\0') {
    unlink(counter->path);
  }
}

static enum status file_open(void *state, const struct counter_place *place, struct fault *fault) {
  struct file_counter *counter = state;
  const struct team *team = place->team;
  counter->team = team;
  counter->file = -1;
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    make_file(counter, place->file, fault);
  }
  if (team_agree(team, fault) == STATUS_OK) {
    team_broadcast(team, team->comm, 0, counter->path, sizeof counter->path, WAIT_BRISK);
    team_broadcast(team, team->comm, 0, counter->expected, sizeof counter->expected, WAIT_BRISK);
    if (team->rank != 0) {
      find_file(counter, fault);
    }
    team_agree(team, fault);
  }
  if (fault->status != STATUS_OK) {
    file_close(counter);
  }
  return fault->status;
}

static enum status file_read(void *state, uint64_t *value, struct fault *fault) {
  const struct file_counter *counter = state;
  char text[DIGITS + 1] = "";
  if (pread(counter->file, text, DIGITS, 0) < 0) {
    return complain(counter, "read", fault);
  }
  *value = strtoull(text, NULL, 10);
  return STATUS_OK;
}

static enum status file_add(void *state, struct fault *fault) {
  const struct file_counter *counter = state;
  uint64_t value = 0;
  char text[DIGITS + 1];
  if (file_read(state, &value, fault) != STATUS_OK) {
    return fault->status;
  }
  snprintf(text, sizeof text, "%0*" PRIu64, DIGITS, value + 1);
  return pwrite(counter->file, text, DIGITS, 0) == DIGITS ? STATUS_OK
                                                          : complain(counter, "written", fault);
}

/* F_RDLCK, F_WRLCK or F_UNLCK; asleep until it is had. A lock belongs to the process. Over a
   network it also brings the file's present contents, and takes what was written to the server. */
static enum status set_lock(const struct file_counter *counter, short type, struct fault *fault) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_len = 0};
  while (fcntl(counter->file, F_SETLKW, &lock) != 0) {
    if (errno != EINTR) {
      return complain(counter, "locked", fault);
    }
  }
  return STATUS_OK;
}

/* Also after a failure, or others would wait for the lock for ever; of two faults the first. */
static enum status unlock(const struct file_counter *counter, enum status done,
                          struct fault *fault) {
  struct fault second;
  return done == STATUS_OK ? set_lock(counter, F_UNLCK, fault)
                           : (set_lock(counter, F_UNLCK, &second), done);
}

static enum status file_lock_add(void *state, struct fault *fault) {
  if (set_lock(state, F_WRLCK, fault) != STATUS_OK) {
    return fault->status;
  }
  return unlock(state, file_add(state, fault), fault);
}

static enum status file_lock_read(void *state, uint64_t *value, struct fault *fault) {
  if (set_lock(state, F_RDLCK, fault) != STATUS_OK) {
    return fault->status;
  }
  return unlock(state, file_read(state, value, fault), fault);
}

const struct counter_kind file_counter = {
    .name = "file",
    .summary = "a number in a file, read and written without a lock",
    .size = sizeof(struct file_counter),
    .open = file_open,
    .add = file_add,
    .read = file_read,
    .close = file_close,
};

const struct counter_kind file_lock_counter = {
    .name = "file-lock",
    .summary = "the same under a lock of the file (fcntl)",
    .safe = true,
    .size = sizeof(struct file_counter),
    .open = file_open,
    .add = file_lock_add,
    .read = file_lock_read,
    .close = file_close,
};
