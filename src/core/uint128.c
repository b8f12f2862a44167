#include "core/uint128.h"

#include <string.h>

const char *uint128_text(uint128_t value, char text[UINT128_TEXT]) {
  char digits[UINT128_TEXT];
  int at = UINT128_TEXT - 1;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + (int)(value % 10));
    value /= 10;
  } while (value != 0);
  return memcpy(text, digits + at, (size_t)(UINT128_TEXT - at));
}
