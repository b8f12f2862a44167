/* Results that are a long list, in order and with bounded memory: every rank makes the pieces of
   the index space that fall to it in turn, and rank 0 puts them out one after the other. A rank
   makes its next piece while the last one waits to be taken, and never a third. */
#pragma once

#include <stdint.h>

#include "mpi/team.h"
#include "workloads/workload.h"

/* Where the text goes. Called on rank 0 only, in the order of the index space. */
struct stream_sink {
  enum status (*put)(void *data, const char *bytes, size_t length, struct fault *fault);
  void *data;
};

/* Collective. List the whole index space by workload->list. A fault in making or putting a piece
   ends the stream on all ranks. */
enum status pool_stream(const struct team *team, const struct workload *workload,
                        const struct job *job, const struct stream_sink *sink, struct fault *fault);
