/* Writing a job's list (primes --print, --write). */
#pragma once

#include <stdbool.h>

#include "app/trial.h"
#include "core/output_file.h"

struct listing {
  bool wanted;
  bool on_stdout;
  struct output_file file;
  FILE *stream;
  uint64_t lines;
};

/* Whether this case's list goes to stdout, so that its report must not. */
bool listing_takes_stdout(const struct planned_case *planned);

/* Collective. Before anything is computed: find out whether the list can be written. */
enum status listing_open(struct listing *listing, const struct team *team,
                         const struct planned_case *planned, struct fault *fault);

/* Collective. Make and write the list, in order, and compare its length with `count` (rank 0's), if
   that is an integer. */
enum status listing_write(struct listing *listing, const struct trial *trial, const json_t *count,
                          struct fault *fault);

void listing_close(struct listing *listing);
