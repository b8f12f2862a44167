#include "kernels/burn.h"

#include <stdint.h>

#include "core/clock.h"

/* About a microsecond of work that nothing can shorten: each step needs the one before. A look at
   the thread's clock costs a fifth of that. */
static uint64_t compute(uint64_t value) {
  for (int i = 0; i < 1000; i++) {
    value = value * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    __asm__ volatile("" : "+r"(value));
  }
  return value;
}

void burn_until(double deadline) {
  uint64_t value = 1;
  while (clock_thread_seconds() < deadline) {
    value = compute(value);
  }
}
