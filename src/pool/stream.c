#include "pool/stream.h"

#include <stdlib.h>

#include "mpi/call.h"
#include "mpi/wait.h"

/* Piece i is made by rank i mod size, which sends rank 0 a header (its length, or FAILED) and the
   text, and then waits for a credit: go on, or stop. One credit answers every piece, so rank 0 can
   end the stream at any time by taking one more piece from each rank and answering it with "stop".
 */
enum { TAG_HEADER = 2, TAG_TEXT = 3, TAG_CREDIT = 4 };
static const uint64_t FAILED = UINT64_MAX;

struct stream {
  const struct team *team;
  const struct workload *workload;
  const struct job *job;
  uint64_t items, length, pieces;
};

static struct range piece_range(const struct stream *stream, uint64_t piece) {
  uint64_t lo = piece * stream->length;
  uint64_t rest = stream->items - lo;
  return (struct range){lo, lo + (rest < stream->length ? rest : stream->length)};
}

static enum status make(const struct stream *stream, uint64_t piece, struct text *text,
                        struct fault *fault) {
  text->length = 0;
  return stream->workload->list(stream->job, piece_range(stream, piece), text, fault);
}

static void send(const struct team *team, const void *bytes, size_t length, int to, int tag) {
  MPI_Request request;
  MPI_CALL(MPI_Isend(bytes, (int)length, MPI_BYTE, to, tag, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

static void receive(const struct team *team, void *bytes, size_t length, int from, int tag) {
  MPI_Request request;
  MPI_CALL(MPI_Irecv(bytes, (int)length, MPI_BYTE, from, tag, team->comm, &request));
  wait_for_all(team, 1, &request, WAIT_BRISK, NULL, NULL);
}

/* Every rank but 0. */
static enum status supply(const struct stream *stream, struct fault *fault) {
  const struct team *team = stream->team;
  uint64_t stride = (uint64_t)team->size;
  struct text text = {0};
  unsigned char go_on = 1;
  enum status status = STATUS_OK;
  for (uint64_t piece = (uint64_t)team->rank; go_on && piece < stream->pieces; piece += stride) {
    status = make(stream, piece, &text, fault);
    if (piece >= stride) {
      receive(team, &go_on, 1, 0, TAG_CREDIT); /* for the piece before */
    }
    if (go_on) {
      uint64_t header = status == STATUS_OK ? text.length : FAILED;
      send(team, &header, sizeof header, 0, TAG_HEADER);
      if (status != STATUS_OK) {
        break;
      }
      send(team, text.bytes, text.length, 0, TAG_TEXT);
    }
  }
  if (go_on && (uint64_t)team->rank < stream->pieces) {
    receive(team, &go_on, 1, 0, TAG_CREDIT);
  }
  text_free(&text);
  return status;
}

/* Take piece `piece` from the rank that makes it; false when that rank failed (it tells why later).
 */
static bool take(const struct stream *stream, int from, struct text *text, struct fault *fault) {
  uint64_t header;
  receive(stream->team, &header, sizeof header, from, TAG_HEADER);
  if (header == FAILED) {
    return false;
  }
  text->length = 0;
  if (!text_reserve(text, (size_t)header)) {
    /* The text is on its way and must be taken: there is no way out but to end the job. */
    fault_set(fault, STATUS_FAILED, "out of memory for a piece of the list");
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  receive(stream->team, text->bytes, (size_t)header, from, TAG_TEXT);
  text->length = (size_t)header;
  return true;
}

static void answer(const struct stream *stream, int to, unsigned char go_on) {
  send(stream->team, &go_on, 1, to, TAG_CREDIT);
}

/* End early. `next` is the first piece not taken; of the ranks that make it and the size - 2 after
   it, each has one piece on its way, and the rank after those has been answered already or is rank
   0. */
static void stop_others(const struct stream *stream, uint64_t next, struct text *text,
                        struct fault *fault) {
  for (uint64_t i = 0; i + 1 < (uint64_t)stream->team->size && next + i < stream->pieces; i++) {
    int from = (int)((next + i) % (uint64_t)stream->team->size);
    if (from != 0) {
      take(stream, from, text, fault);
      answer(stream, from, 0);
    }
  }
}

/* Rank 0. */
static enum status put_in_order(const struct stream *stream, const struct text_sink *sink,
                                struct fault *fault) {
  struct text text = {0};
  enum status status = STATUS_OK;
  for (uint64_t piece = 0; piece < stream->pieces; piece++) {
    int from = (int)(piece % (uint64_t)stream->team->size);
    bool there = true;
    if (from == 0) {
      status = make(stream, piece, &text, fault);
    } else {
      there = take(stream, from, &text, fault);
    }
    if (there && status == STATUS_OK) {
      status = sink->put(sink->data, text.bytes, text.length, fault);
    }
    bool go_on = there && status == STATUS_OK;
    if (from != 0) {
      answer(stream, from, go_on);
    }
    if (!go_on) {
      stop_others(stream, piece + 1, &text, fault);
      break;
    }
  }
  text_free(&text);
  return status;
}

enum status pool_stream(const struct team *team, const struct workload *workload,
                        const struct job *job, const struct text_sink *sink, struct fault *fault) {
  struct stream stream = {.team = team,
                          .workload = workload,
                          .job = job,
                          .items = workload->items(job),
                          .length = workload->list_length(job)};
  stream.pieces = stream.items / stream.length + (stream.items % stream.length != 0);
  fault->status = STATUS_OK;
  if (team->rank == 0) {
    put_in_order(&stream, sink, fault);
  } else {
    supply(&stream, fault);
  }
  return team_agree(team, fault);
}
