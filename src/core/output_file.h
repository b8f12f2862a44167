/* Files that are either whole or not there: written under a temporary name beside the target and
   renamed over it. What the target held stays until then. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "core/fault.h"

struct output_file {
  char *path;      /* the target, links resolved; NULL when closed */
  char *temporary; /* NULL for a device or pipe (such as /dev/null), which is written directly */
};

/* Find out, before anything is computed, whether `path` can be written: creates (and removes) the
   temporary file. The target is not touched. `option` is named in the fault. */
enum status output_file_open(struct output_file *file, const char *option, const char *path,
                             struct fault *fault);

/* Replace the target by what write(data, stream) writes. */
enum status output_file_replace(struct output_file *file, void (*write)(void *data, FILE *stream),
                                void *data, struct fault *fault);

/* The same in steps, for what is written bit by bit: a stream to write to (NULL on a fault), and
   then either the replacement or, after a failure, nothing left behind. Both close the stream. */
FILE *output_file_begin(struct output_file *file, struct fault *fault);
enum status output_file_commit(struct output_file *file, FILE *stream, struct fault *fault);
void output_file_discard(struct output_file *file, FILE *stream);

/* Whether both are opened, and one would replace the other. */
bool output_file_is_same(const struct output_file *one, const struct output_file *other);

void output_file_close(struct output_file *file);
