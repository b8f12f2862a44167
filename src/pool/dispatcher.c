#include "pool/dispatcher.h"

#include <stddef.h>
#include <string.h>

#define DISPATCHER_LIST(name) &name##_dispatcher,
static const struct dispatcher *const dispatchers[] = {DISPATCHERS(DISPATCHER_LIST)};
#undef DISPATCHER_LIST

const struct dispatcher *dispatcher_find(const char *name) {
  for (size_t i = 0; i < sizeof dispatchers / sizeof dispatchers[0]; i++) {
    if (strcmp(dispatchers[i]->name, name) == 0) {
      return dispatchers[i];
    }
  }
  return NULL;
}

static uint64_t ceil_divide(uint64_t a, uint64_t b) {
  return a / b + (a % b != 0);
}

uint64_t hand_out_workers(const struct hand_out *hand_out, int ranks) {
  return hand_out->threads * (uint64_t)ranks;
}

bool hand_out_is_too_long(const struct hand_out *hand_out, double unit_seconds) {
  return hand_out->threads == 1 && unit_seconds > LONGEST_UNIT;
}

uint64_t hand_out_units(const struct hand_out *hand_out) {
  return ceil_divide(hand_out->items, hand_out->grain);
}

struct range hand_out_range(const struct hand_out *hand_out, uint64_t first, uint64_t units) {
  uint64_t end = first + units;
  return (struct range){
      .lo = first * hand_out->grain,
      /* The last grain may be cut short; compare by division, since the product may overflow. */
      .hi = end > hand_out->items / hand_out->grain ? hand_out->items : end * hand_out->grain,
  };
}

uint64_t hand_out_chunk(const struct hand_out *hand_out, uint64_t units, uint64_t remaining,
                        uint64_t workers, double weight) {
  struct schedule_view view = {.items = units,
                               .remaining = remaining,
                               .workers = workers,
                               .chunk = ceil_divide(hand_out->chunk, hand_out->grain),
                               .weight = weight};
  return hand_out->schedule->chunk(&view);
}
