/* Reading result files (docs/output.md) back in. */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "core/fault.h"

/* Seconds, in the order they were taken; each above 0. */
struct samples {
  size_t count;
  double *seconds; /* owned */
};

struct result_case {
  const json_t *record; /* of the document */
  const char *workload;
  int ranks;
  struct samples parallel; /* each the slowest rank's */
  struct samples serial;   /* of the kernel alone; count 0 where it was not measured */
};

struct document {
  char *path;      /* as given; owned */
  json_t *content; /* owned */
  const json_t *environment;
  struct result_case *cases; /* count >= 1 */
  size_t count;
};

/* Read a file that parbench wrote with --json or --format json. Everything that the fields below
   are taken from is checked. A file that is missing, broken or something else is a fault
   (STATUS_USAGE) that names the file, the place, and what is expected. On a fault document is
   empty. */
enum status document_read(const char *path, struct document *document, struct fault *fault);

void document_free(struct document *document);

/* "1 host, 2 cores, CPU (v4), parbench 0.1.0 (git)"; returns text. */
const char *document_origin(const struct document *document, char *text, size_t size);
