#include "kernels/doubles.h"

#include "kernels/lanes.h"

enum { LINE = 64 / sizeof(double) }; /* doubles of a cache line: memory is written by whole lines */

static size_t before_line(const double *to, size_t count) {
  size_t past = (uintptr_t)to / sizeof(double) % LINE;
  size_t before = (LINE - past) % LINE;
  return before < count ? before : count;
}

void CLONE(doubles_stream)(double *to, size_t count, double value) {
  const real_lanes values = value - (real_lanes){0};
  size_t i = 0;
  for (size_t head = before_line(to, count); i < head; i++) {
    to[i] = value;
  }
  for (; i + LINE <= count; i += LINE) {
    for (size_t lane = 0; lane < LINE; lane += WORD_LANES) {
      lanes_stream(to + i + lane, values);
    }
  }
  for (; i < count; i++) {
    to[i] = value;
  }
  lanes_stream_end();
}

void CLONE(doubles_stream_copy)(double *to, const double *from, size_t count) {
  size_t i = 0;
  for (size_t head = before_line(to, count); i < head; i++) {
    to[i] = from[i];
  }
  for (; i + LINE <= count; i += LINE) {
    for (size_t lane = 0; lane < LINE; lane += WORD_LANES) {
      lanes_stream(to + i + lane, lanes_load(from + i + lane));
    }
  }
  for (; i < count; i++) {
    to[i] = from[i];
  }
}

void CLONE(doubles_stream_end)(void) {
  lanes_stream_end();
}
