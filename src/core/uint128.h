/* 128-bit integers, for sums that 64 bits cannot hold. */
#pragma once

#include <stdint.h>

__extension__ typedef unsigned __int128 uint128_t;

enum { UINT128_TEXT = 40 }; /* 39 digits and the end */

/* Write value in decimal into text[UINT128_TEXT] and return text. */
const char *uint128_text(uint128_t value, char text[UINT128_TEXT]);
