#include "app/listing.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "pool/stream.h"

bool listing_takes_stdout(const struct planned_case *planned) {
  const char *path = NULL;
  const struct subject *subject = &planned->subject;
  return subject->list_wanted != NULL && subject->list_wanted(planned->parameters, &path) &&
         path == NULL;
}

enum status listing_open(struct listing *listing, const struct team *team,
                         const struct planned_case *planned, struct fault *fault) {
  const char *path = NULL;
  const struct subject *subject = &planned->subject;
  *listing = (struct listing){
      .wanted = subject->list_wanted != NULL && subject->list_wanted(planned->parameters, &path),
      .on_stdout = path == NULL,
      .stream = stdout,
  };
  fault->status = STATUS_OK;
  if (listing->wanted && path != NULL && team->rank == 0) {
    output_file_open(&listing->file, "--write", path, fault);
  }
  return team_agree(team, fault);
}

static enum status put(void *data, const char *bytes, size_t length, struct fault *fault) {
  struct listing *listing = data;
  if (length == 0) {
    return STATUS_OK; /* and there may be no bytes to point to */
  }
  for (const char *end = bytes + length, *line = bytes;
       line < end && (line = memchr(line, '\n', (size_t)(end - line))) != NULL; line++) {
    listing->lines++;
  }
  if (fwrite(bytes, 1, length, listing->stream) != length) {
    return fault_set(fault, STATUS_FAILED, "the list cannot be written: %s", strerror(errno));
  }
  return STATUS_OK;
}

enum status listing_begin(struct listing *listing, const struct team *team, struct text_sink *sink,
                          struct fault *fault) {
  *sink = (struct text_sink){.put = put, .data = listing};
  fault->status = STATUS_OK;
  if (listing->wanted && team->rank == 0 && !listing->on_stdout) {
    listing->stream = output_file_begin(&listing->file, fault);
  }
  return team_agree(team, fault);
}

/* Rank 0. */
static void end_list(struct listing *listing, int64_t expected, struct fault *fault) {
  if (fault->status == STATUS_OK && expected >= 0 && (uint64_t)expected != listing->lines) {
    fault_set(fault, STATUS_FAILED, "the list has %" PRIu64 " lines, and the count is %" PRId64,
              listing->lines, expected);
  }
  if (listing->on_stdout) {
    if (fflush(stdout) != 0 && fault->status == STATUS_OK) {
      fault_set(fault, STATUS_FAILED, "the list cannot be written to stdout: %s", strerror(errno));
    }
    return;
  }
  if (fault->status == STATUS_OK) {
    output_file_commit(&listing->file, listing->stream, fault);
  } else {
    output_file_discard(&listing->file, listing->stream);
  }
}

enum status listing_end(struct listing *listing, const struct team *team, int64_t expected,
                        struct fault *fault) {
  if (listing->wanted && team->rank == 0) {
    end_list(listing, expected, fault);
  }
  return team_agree(team, fault);
}

enum status listing_write(struct listing *listing, const struct trial *trial, const json_t *count,
                          struct fault *fault) {
  const struct team *team = trial->pool.team;
  struct text_sink sink;
  fault->status = STATUS_OK;
  if (!listing->wanted) {
    return STATUS_OK;
  }
  if (listing_begin(listing, team, &sink, fault) != STATUS_OK) {
    return fault->status;
  }
  pool_stream(team, trial->planned->subject.workload, &trial->job, &sink, fault);
  return listing_end(listing, team, json_is_integer(count) ? json_integer_value(count) : -1, fault);
}

void listing_close(struct listing *listing) {
  output_file_close(&listing->file);
}
