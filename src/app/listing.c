#include "app/listing.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "pool/stream.h"

bool listing_takes_stdout(const struct planned_case *planned) {
  const char *path = NULL;
  const struct workload *workload = planned->workload;
  return workload->list_wanted != NULL && workload->list_wanted(planned->parameters, &path) &&
         path == NULL;
}

enum status listing_open(struct listing *listing, const struct team *team,
                         const struct planned_case *planned, struct fault *fault) {
  const char *path = NULL;
  const struct workload *workload = planned->workload;
  *listing = (struct listing){
      .wanted = workload->list_wanted != NULL && workload->list_wanted(planned->parameters, &path),
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
  for (const char *end = bytes + length, *line = bytes;
       line < end && (line = memchr(line, '\n', (size_t)(end - line))) != NULL; line++) {
    listing->lines++;
  }
  if (fwrite(bytes, 1, length, listing->stream) != length) {
    return fault_set(fault, STATUS_FAILED, "the list cannot be written: %s", strerror(errno));
  }
  return STATUS_OK;
}

/* Rank 0, after the last piece. */
static void end_list(struct listing *listing, const json_t *count, struct fault *fault) {
  if (json_is_integer(count) && (uint64_t)json_integer_value(count) != listing->lines) {
    fault_set(fault, STATUS_FAILED, "the list has %" PRIu64 " lines, and the count is %" PRIu64,
              listing->lines, (uint64_t)json_integer_value(count));
  } else if (listing->on_stdout && fflush(stdout) != 0) {
    fault_set(fault, STATUS_FAILED, "the list cannot be written to stdout: %s", strerror(errno));
  }
  if (listing->on_stdout) {
    return;
  }
  if (fault->status == STATUS_OK) {
    output_file_commit(&listing->file, listing->stream, fault);
  } else {
    output_file_discard(&listing->file, listing->stream);
  }
}

enum status listing_write(struct listing *listing, const struct trial *trial, const json_t *count,
                          struct fault *fault) {
  const struct team *team = trial->pool.team;
  fault->status = STATUS_OK;
  if (!listing->wanted) {
    return STATUS_OK;
  }
  if (team->rank == 0 && !listing->on_stdout) {
    listing->stream = output_file_begin(&listing->file, fault);
  }
  if (team_agree(team, fault) != STATUS_OK) {
    return fault->status;
  }
  struct stream_sink sink = {.put = put, .data = listing};
  pool_stream(team, trial->planned->workload, &trial->job, &sink, fault);
  if (team->rank == 0) {
    end_list(listing, count, fault);
  }
  return team_agree(team, fault);
}

void listing_close(struct listing *listing) {
  output_file_close(&listing->file);
}
