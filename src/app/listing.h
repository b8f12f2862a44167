/* Writing a job's list (primes --print, --write; queue --print). */
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

/* Collective. From now on rank 0 may put lines into the sink, if they are wanted. */
enum status listing_begin(struct listing *listing, const struct team *team, struct text_sink *sink,
                          struct fault *fault);

/* Collective, with the fault in which making the list ended, if any, or STATUS_OK: that becomes
   everyone's. Compares the list's length with what is expected (rank 0's; negative: unknown). */
enum status listing_end(struct listing *listing, const struct team *team, int64_t expected,
                        struct fault *fault);

/* Collective. Make and write the list, in order, and compare its length with `count` (rank 0's), if
   that is an integer. */
enum status listing_write(struct listing *listing, const struct trial *trial, const json_t *count,
                          struct fault *fault);

void listing_close(struct listing *listing);
