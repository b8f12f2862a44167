#include "core/tally.h"

#include <stdlib.h>
#include <string.h>

/* Processors fetch lines of 64 bytes, and neighbours in pairs. */
enum { LINES = 128 };

static void *allocate(size_t count, size_t size) {
  return count > (SIZE_MAX - LINES) / size
             ? NULL
             : aligned_alloc(LINES, (count * size / LINES + 1) * LINES);
}

enum status tally_init(struct tally *tally, struct tally_shape shape, struct fault *fault) {
  *tally = (struct tally){
      .shape = shape,
      .sums = allocate(shape.sums, sizeof *tally->sums),
      .wide_sums = allocate(shape.wide_sums, sizeof *tally->wide_sums),
      .minima = allocate(shape.minima, sizeof *tally->minima),
  };
  if (tally->sums == NULL || tally->wide_sums == NULL || tally->minima == NULL) {
    tally_free(tally);
    return fault_set(fault, STATUS_FAILED, "out of memory for a tally of %zu numbers",
                     shape.sums + shape.wide_sums + shape.minima);
  }
  tally_clear(tally);
  return STATUS_OK;
}

void tally_free(struct tally *tally) {
  free(tally->sums);
  free(tally->wide_sums);
  free(tally->minima);
  *tally = (struct tally){0};
}

void tally_clear(struct tally *tally) {
  memset(tally->sums, 0, tally->shape.sums * sizeof *tally->sums);
  memset(tally->wide_sums, 0, tally->shape.wide_sums * sizeof *tally->wide_sums);
  memset(tally->minima, 0xff, tally->shape.minima * sizeof *tally->minima);
  tally->limit = UINT64_MAX;
}

bool tally_equal(const struct tally *a, const struct tally *b) {
  const struct tally_shape *shape = &a->shape;
  return memcmp(a->sums, b->sums, shape->sums * sizeof *a->sums) == 0 &&
         memcmp(a->wide_sums, b->wide_sums, shape->wide_sums * sizeof *a->wide_sums) == 0 &&
         memcmp(a->minima, b->minima, shape->minima * sizeof *a->minima) == 0;
}

static uint64_t lesser(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

void tally_add(struct tally *into, const struct tally *from) {
  for (size_t i = 0; i < into->shape.sums; i++) {
    into->sums[i] += from->sums[i];
  }
  for (size_t i = 0; i < into->shape.wide_sums; i++) {
    into->wide_sums[i] += from->wide_sums[i];
  }
  for (size_t i = 0; i < into->shape.minima; i++) {
    into->minima[i] = lesser(into->minima[i], from->minima[i]);
  }
  into->limit = lesser(into->limit, from->limit);
}

void tally_copy(struct tally *into, const struct tally *from) {
  const struct tally_shape *shape = &into->shape;
  memcpy(into->sums, from->sums, shape->sums * sizeof *into->sums);
  memcpy(into->wide_sums, from->wide_sums, shape->wide_sums * sizeof *into->wide_sums);
  memcpy(into->minima, from->minima, shape->minima * sizeof *into->minima);
  into->limit = from->limit;
}
