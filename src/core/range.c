#include "core/range.h"

static uint64_t ceil_divide(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}

/* Grains before share `part`, when `grains` are dealt to `parts`, the first shares one longer. */
static uint64_t grains_before(uint64_t grains, uint64_t part, uint64_t parts) {
  uint64_t rest = grains % parts;
  return grains / parts * part + (part < rest ? part : rest);
}

static uint64_t grain_start(uint64_t items, uint64_t grain, uint64_t index) {
  /* The last grain may be cut short; compare by division, since index * grain may overflow. */
  return index > items / grain ? items : index * grain;
}

struct range range_share(uint64_t items, uint64_t grain, uint64_t part, uint64_t parts) {
  uint64_t grains = ceil_divide(items, grain);
  return (struct range){
      .lo = grain_start(items, grain, grains_before(grains, part, parts)),
      .hi = grain_start(items, grain, grains_before(grains, part + 1, parts)),
  };
}

uint64_t range_grain(uint64_t items, uint64_t workers, uint64_t least) {
  uint64_t share = ceil_divide(items, workers);
  if (share <= 1) {
    return 1;
  }
  uint64_t grains = share / (least > 1 ? least : 1);
  return grains <= 1 ? share : ceil_divide(share, grains);
}
