/* The wheel of 210: of 210 consecutive numbers only the 48 with no factor 2, 3, 5 or 7 can be
   primes above 7. Number 210 * turn + wheel_spokes[i]. */
#pragma once

#include <stdint.h>

enum { WHEEL_TURN = 210, WHEEL_SPOKES = 48 };

/* clang-format off */
#define WHEEL_SPOKE_LIST                                                        \
    1,  11,  13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67, \
   71,  73,  79,  83,  89,  97, 101, 103, 107, 109, 113, 121, 127, 131, 137, 139, \
  143, 149, 151, 157, 163, 167, 169, 173, 179, 181, 187, 191, 193, 197, 199, 209
/* clang-format on */

static const uint8_t wheel_spokes[WHEEL_SPOKES] = {WHEEL_SPOKE_LIST};
