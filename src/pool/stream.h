/* Results that are a long list, in order and with bounded memory: every rank makes the pieces of
   the index space that fall to it in turn, and rank 0 puts them out one after the other. A rank
   makes its next piece while the last one waits to be taken, and never a third. */
#pragma once

#include <stdint.h>

#include "mpi/team.h"
#include "workloads/workload.h"

/* Collective. List the whole index space by workload->list, into rank 0's sink, in the order of the
   index space. A fault in making or putting a piece ends the stream on all ranks. */
enum status pool_stream(const struct team *team, const struct workload *workload,
                        const struct job *job, const struct text_sink *sink, struct fault *fault);
