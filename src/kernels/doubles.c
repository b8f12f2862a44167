#include "kernels/doubles.h"

#include <unistd.h>

/* Where the system does not say how large the second level is. */
static const uint64_t USUAL_CACHE = 1 << 20;

/* Times the second level, since the third is shared with others. Found by filling 1 to 512 MiB both
   ways in turn, on a Sapphire Rapids with 2 MiB of second level, GB/s plain / past the caches: 2
   MiB 35 / 8, 4 MiB 23 / 9, 8 MiB 18 / 15, 16 MiB 14 / 18, 64 MiB 11 / 20, 256 MiB 10 / 21. */
enum { PAYS_FROM = 4 };

bool doubles_pay_streaming(uint64_t bytes) {
#ifdef _SC_LEVEL2_CACHE_SIZE
  long size = sysconf(_SC_LEVEL2_CACHE_SIZE);
#else
  long size = 0;
#endif
  return bytes > PAYS_FROM * (size > 0 ? (uint64_t)size : USUAL_CACHE);
}
