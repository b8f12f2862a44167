/* Long arrays of doubles, filled and looked at as fast as memory goes. All addresses are multiples
   of 8, which is all that is asked of them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

/* Whether so many bytes, written by one process, are better stored past the caches: storing into
   them reads every line first, which pays only where it stays there. */
bool doubles_pay_streaming(uint64_t bytes);

/* to[i] = value, for i < count. */
DECLARE_CLONES(void, doubles_fill, (double *to, size_t count, double value));

/* The same past the caches (non-temporal stores), complete on return. */
DECLARE_CLONES(void, doubles_stream, (double *to, size_t count, double value));

/* to[i] = from[i] past the caches; they do not overlap. Not ordered with other stores until
   doubles_stream_end(). */
DECLARE_CLONES(void, doubles_stream_copy, (double *to, const double *from, size_t count));
DECLARE_CLONES(void, doubles_stream_end, (void));

/* Whether all have the very bits of value. */
DECLARE_CLONES(bool, doubles_all_are, (const double *from, size_t count, double value));
