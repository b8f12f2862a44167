#include "probes/array_values.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernels/doubles.h"

/* Values looked at together: few enough that one stranger among them costs little. */
enum { BLOCK = 4096 };

double array_mark(int rank) {
  return (double)rank + (rank >= (int)ARRAY_DEFAULT);
}

/* Which of the counts a value adds to. */
static int count_of(double value, int ranks) {
  if (PICK_CLONE(doubles_all_are)(&value, 1, ARRAY_DEFAULT)) {
    return ranks + ARRAY_DEFAULTS;
  }
  if (!(value >= 0 && value <= ranks)) {
    return ranks + ARRAY_STRANGERS;
  }
  int rank = (int)value - (value > ARRAY_DEFAULT);
  bool exact = rank < ranks && PICK_CLONE(doubles_all_are)(&value, 1, array_mark(rank));
  return exact ? rank : ranks + ARRAY_STRANGERS;
}

void array_count_values(const double *values, uint64_t count, int ranks, uint64_t *counts) {
  for (uint64_t done = 0; done < count; done += BLOCK) {
    uint64_t length = count - done < BLOCK ? count - done : BLOCK;
    const double *block = values + done;
    if (PICK_CLONE(doubles_all_are)(block, length, block[0])) {
      counts[count_of(block[0], ranks)] += length;
      continue;
    }
    for (uint64_t i = 0; i < length; i++) {
      counts[count_of(block[i], ranks)]++;
    }
  }
}
