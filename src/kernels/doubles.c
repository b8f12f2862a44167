#include "kernels/doubles.h"

#include <unistd.h>

/* Where the system does not say how large the last level is; a usual share of a core. */
static const uint64_t USUAL_CACHE = 2 << 20;

bool doubles_pay_streaming(uint64_t bytes) {
#ifdef _SC_LEVEL3_CACHE_SIZE
  long third = sysconf(_SC_LEVEL3_CACHE_SIZE);
  long second = sysconf(_SC_LEVEL2_CACHE_SIZE);
  long last = third > second ? third : second;
#else
  long last = 0;
#endif
  return bytes > (last > 0 ? (uint64_t)last : USUAL_CACHE);
}
