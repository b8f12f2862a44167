#include "kernels/doubles.h"

#include "kernels/lanes.h"

/* Vectors looked at together, each against evidence of its own: enough loads in flight. */
enum { TOGETHER = 4, STEP = TOGETHER * WORD_LANES };

bool CLONE(doubles_all_are)(const double *from, size_t count, double value) {
  uint64_t bits_wanted;
  memcpy(&bits_wanted, &value, sizeof value);
  const word_lanes wanted = lanes_of(bits_wanted);
  word_lanes others[TOGETHER] = {{0}};
  size_t i = 0;
  for (; i + STEP <= count; i += STEP) {
    for (size_t t = 0; t < TOGETHER; t++) {
      others[t] |= (word_lanes)lanes_load(from + i + t * WORD_LANES) ^ wanted;
    }
  }
  word_lanes any = others[0] | others[1] | others[2] | others[3];
  for (; i < count; i++) {
    uint64_t one;
    memcpy(&one, from + i, sizeof one);
    any[0] |= one ^ bits_wanted;
  }
  uint64_t bits = 0;
  for (size_t lane = 0; lane < WORD_LANES; lane++) {
    bits |= any[lane];
  }
  return bits == 0;
}
