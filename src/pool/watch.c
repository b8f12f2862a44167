#include "pool/watch.h"

#include <stddef.h>

#include "core/clock.h"
#include "pool/dispatcher.h"

static uint64_t lesser(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* What is handed out is not done yet; and what one worker has done all may have done. Rank 0 that
   only serves knows no more than what it handed out. */
void watch_look(const struct watch *watch, uint64_t own_items) {
  if (watch == NULL) {
    return;
  }
  uint64_t done = watch->items;
  if (watch->dispatcher->handed_out != NULL) {
    done = lesser(done, watch->dispatcher->handed_out(watch->source) * watch->grain);
  }
  if (own_items < watch->items / watch->workers) {
    done = lesser(done, own_items * watch->workers);
  }
  watch->show(watch->data, done, watch->items, clock_seconds());
}
