#include "kernels/pi.h"

#include <stddef.h>
#include <string.h>

#include "kernels/philox.h"
#include "kernels/xoshiro.h"

bool pi_is_hit(struct pi_dart dart) {
  uint64_t x = dart.x;
  uint64_t y = dart.y;
  return x * x + y * y < UINT64_C(1) << 62;
}

uint64_t pi_hits_by_definition(const struct pi_generator *generator, uint64_t seed, uint64_t lo,
                               uint64_t hi) {
  struct pi_dart darts[4096];
  uint64_t hits = 0;
  while (lo < hi) {
    uint64_t count = hi - lo < 4096 ? hi - lo : 4096;
    generator->throw_darts(seed, lo, lo + count, darts);
    for (uint64_t i = 0; i < count; i++) {
      hits += pi_is_hit(darts[i]);
    }
    lo += count;
  }
  return hits;
}

static void philox_throw_darts(uint64_t seed, uint64_t lo, uint64_t hi, struct pi_dart *darts) {
  for (uint64_t i = lo; i < hi; i++) {
    struct philox_block block = philox_block(seed, i / 2);
    const uint32_t *word = &block.word[2 * (i % 2)];
    darts[i - lo] = (struct pi_dart){word[0] >> 1, word[1] >> 1};
  }
}

static uint64_t philox_hits(uint64_t seed, uint64_t lo, uint64_t hi) {
  uint64_t hits = 0;
  struct pi_dart dart = {0};
  if (lo < hi && lo % 2 == 1) {
    philox_throw_darts(seed, lo, lo + 1, &dart);
    hits += pi_is_hit(dart);
    lo++;
  }
  if (lo < hi && hi % 2 == 1) {
    hi--;
    philox_throw_darts(seed, hi, hi + 1, &dart);
    hits += pi_is_hit(dart);
  }
  return hits + PICK_CLONE(pi_philox_hits)(seed, lo / 2, hi / 2);
}

static void xoshiro_throw_darts(uint64_t seed, uint64_t lo, uint64_t hi, struct pi_dart *darts) {
  struct xoshiro generators[XOSHIRO_STREAMS];
  for (uint64_t i = lo - lo % XOSHIRO_BLOCK; i < hi; i++) {
    uint64_t stream = i % XOSHIRO_STREAMS;
    if (i % XOSHIRO_BLOCK < XOSHIRO_STREAMS) {
      generators[stream] = xoshiro_start(seed, i / XOSHIRO_BLOCK, stream);
    }
    uint64_t output = xoshiro_next(&generators[stream]);
    if (i >= lo) {
      darts[i - lo] = (struct pi_dart){(uint32_t)(output >> 33), output & 0x7fffffff};
    }
  }
}

/* A block's darts from `start` on are all up to the end less those before: a cut inside a block
   costs one more pass over it, and the fast loop need not know. */
static uint64_t xoshiro_hits(uint64_t seed, uint64_t lo, uint64_t hi) {
  uint64_t hits = 0;
  while (lo < hi) {
    uint64_t block = lo / XOSHIRO_BLOCK;
    uint64_t start = lo % XOSHIRO_BLOCK;
    uint64_t count = hi - lo < XOSHIRO_BLOCK - start ? hi - lo : XOSHIRO_BLOCK - start;
    hits += PICK_CLONE(pi_xoshiro_hits)(seed, block, start + count);
    if (start > 0) {
      hits -= PICK_CLONE(pi_xoshiro_hits)(seed, block, start);
    }
    lo += count;
  }
  return hits;
}

static const struct pi_generator generators[] = {
    {"philox", philox_hits, philox_throw_darts, 4096},
    {"xoshiro", xoshiro_hits, xoshiro_throw_darts, XOSHIRO_BLOCK},
};

const struct pi_generator *pi_generator_find(const char *name) {
  for (size_t i = 0; i < sizeof generators / sizeof generators[0]; i++) {
    if (strcmp(name, generators[i].name) == 0) {
      return &generators[i];
    }
  }
  return NULL;
}
