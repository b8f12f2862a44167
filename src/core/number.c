#include "core/number.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UINT128_MAX (~(uint128_t)0)

/* A decimal in the making: digits as an integer, times ten to the power `scale`. */
struct decimal {
  uint128_t digits;
  int scale;
};

static bool multiply_add(uint128_t *value, uint128_t factor, uint128_t term) {
  return !__builtin_mul_overflow(*value, factor, value) &&
         !__builtin_add_overflow(*value, term, value);
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Digits with single underscores between them; advances *text past them. */
static enum number_result read_digits(const char **text, struct decimal *decimal, bool fraction) {
  if (!is_digit(**text)) {
    return NUMBER_MALFORMED;
  }
  const char *c = *text;
  while (is_digit(*c) || (*c == '_' && is_digit(c[-1]) && is_digit(c[1]))) {
    if (*c != '_') {
      /* Trailing zeros of a fraction change nothing and must not overflow: 1.50000000000000000000
       */
      if (fraction && strspn(c, "0") == strspn(c, "0123456789")) {
        c += strspn(c, "0");
        break;
      }
      if (!multiply_add(&decimal->digits, 10, (uint128_t)(*c - '0'))) {
        return NUMBER_OVERFLOW;
      }
      decimal->scale -= fraction;
    }
    c++;
  }
  *text = c;
  return NUMBER_OK;
}

static enum number_result scale_to_integer(struct decimal decimal, uint128_t *value) {
  for (; decimal.scale < 0 && decimal.digits != 0; decimal.scale++) {
    if (decimal.digits % 10 != 0) {
      return NUMBER_FRACTION;
    }
    decimal.digits /= 10;
  }
  for (; decimal.scale > 0 && decimal.digits != 0; decimal.scale--) {
    if (!multiply_add(&decimal.digits, 10, 0)) {
      return NUMBER_OVERFLOW;
    }
  }
  *value = decimal.digits;
  return NUMBER_OK;
}

/* "B^E", "B^E-K" or "B^E+K"; base is read already and *text stands on the '^'. */
static enum number_result read_power(const char *text, uint128_t base, uint128_t *value) {
  struct decimal exponent = {0};
  text++;
  enum number_result result = read_digits(&text, &exponent, false);
  if (result != NUMBER_OK) {
    return result;
  }
  /* Of the powers beyond 128 bits only 2^128 is meant sensibly, in 2^128-1: it is held as 0. */
  uint128_t power = 1;
  bool past_end = false;
  for (uint128_t i = 0; i < exponent.digits && base > 1; i++) {
    if (past_end) {
      return NUMBER_OVERFLOW;
    }
    uint128_t before = power;
    if (__builtin_mul_overflow(power, base, &power)) {
      past_end = power == 0 && before == UINT128_MAX / base + 1;
      if (!past_end) {
        return NUMBER_OVERFLOW;
      }
    }
  }
  power = base == 0 && exponent.digits > 0 ? 0 : power;
  if (*text == '-' || *text == '+') {
    bool minus = *text++ == '-';
    struct decimal offset = {0};
    result = read_digits(&text, &offset, false);
    if (result != NUMBER_OK) {
      return result;
    }
    if (minus && offset.digits > power && !past_end) {
      return NUMBER_MALFORMED;
    }
    if (minus) {
      past_end = past_end && offset.digits == 0;
      power -= offset.digits;
    } else {
      past_end |= __builtin_add_overflow(power, offset.digits, &power);
    }
  }
  if (*text != '\0') {
    return NUMBER_MALFORMED;
  }
  if (past_end) {
    return NUMBER_OVERFLOW;
  }
  *value = power;
  return NUMBER_OK;
}

enum number_result number_parse_count(const char *text, uint64_t *value) {
  uint128_t wide = 0;
  enum number_result result = number_parse_count128(text, &wide);
  if (result != NUMBER_OK) {
    return result;
  }
  if (wide >> 64 != 0) {
    return NUMBER_OVERFLOW;
  }
  *value = (uint64_t)wide;
  return NUMBER_OK;
}

enum number_result number_parse_count128(const char *text, uint128_t *value) {
  struct decimal decimal = {0};
  const char *start = text;
  enum number_result result = read_digits(&text, &decimal, false);
  if (result == NUMBER_OVERFLOW) {
    /* A long string of digits is too large only if nothing else is wrong with it. */
    return start[strspn(start, "0123456789_")] == '\0' ? NUMBER_OVERFLOW : NUMBER_MALFORMED;
  }
  if (result != NUMBER_OK) {
    return result;
  }
  if (*text == '^') {
    return read_power(text, decimal.digits, value);
  }
  if (*text == '.') {
    text++;
    result = read_digits(&text, &decimal, true);
    if (result != NUMBER_OK) {
      return result == NUMBER_OVERFLOW ? NUMBER_FRACTION : result;
    }
  }
  if (*text == 'e' || *text == 'E') {
    text++;
    bool minus = *text == '-';
    text += *text == '-' || *text == '+';
    struct decimal exponent = {0};
    result = read_digits(&text, &exponent, false);
    if (result != NUMBER_OK) {
      return result;
    }
    int power = exponent.digits > 9999 ? 9999 : (int)exponent.digits;
    decimal.scale += minus ? -power : power;
  } else if (*text != '\0') {
    static const char suffixes[] = "kMG";
    const char *suffix = strchr(suffixes, *text);
    if (suffix == NULL) {
      return NUMBER_MALFORMED;
    }
    decimal.scale += 3 * (int)(suffix - suffixes + 1);
    text++;
  }
  return *text != '\0' ? NUMBER_MALFORMED : scale_to_integer(decimal, value);
}

enum number_result number_parse_real(const char *text, double *value) {
  /* strtod also takes "inf", "nan", "0x1p3" and leading blanks, none of which is meant here. */
  if (*text == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') {
    return NUMBER_MALFORMED;
  }
  char *end;
  errno = 0;
  double parsed = strtod(text, &end);
  if (*end != '\0' || end == text) {
    return NUMBER_MALFORMED;
  }
  if (!isfinite(parsed)) {
    return NUMBER_OVERFLOW;
  }
  *value = parsed;
  return NUMBER_OK;
}

/* The length of "12", "1.5" or "1e-3" at the start of text; 0 when there is none. */
static size_t decimal_length(const char *text) {
  static const char digits[] = "0123456789";
  size_t length = strspn(text, digits);
  if (length > 0 && text[length] == '.') {
    size_t fraction = strspn(text + length + 1, digits);
    length = fraction == 0 ? 0 : length + 1 + fraction;
  }
  if (length > 0 && (text[length] == 'e' || text[length] == 'E')) {
    size_t sign = text[length + 1] == '-' || text[length + 1] == '+';
    size_t exponent = strspn(text + length + 1 + sign, digits);
    length = exponent == 0 ? 0 : length + 1 + sign + exponent;
  }
  return length;
}

enum number_result number_parse_time(const char *text, double *seconds) {
  /* Dividing by a power of ten, which is exact, rounds once; multiplying by 1e-6 would round twice.
   */
  static const struct {
    const char *name;
    double factor, divisor;
  } units[] = {{"ns", 1, 1e9}, {"us", 1, 1e6}, {"ms", 1, 1e3}, {"s", 1, 1}, {"min", 60, 1}};
  size_t length = decimal_length(text);
  if (length > 0 && text[length] == '\0') {
    return NUMBER_UNITLESS;
  }
  for (size_t i = 0; length > 0 && i < sizeof units / sizeof units[0]; i++) {
    if (strcmp(text + length, units[i].name) == 0) {
      double parsed = strtod(text, NULL) * units[i].factor / units[i].divisor;
      if (!isfinite(parsed)) {
        return NUMBER_OVERFLOW;
      }
      *seconds = parsed;
      return NUMBER_OK;
    }
  }
  return NUMBER_MALFORMED;
}

/* Digits with a point somewhere in them, times `unit`, exactly. `length` characters of text. */
static enum number_result scale_to_bytes(const char *text, size_t length, uint64_t unit,
                                         uint64_t *bytes) {
  uint128_t value = 0;
  uint128_t divisor = 1;
  bool fraction = false;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    if (value > (UINT128_MAX >> 48) || divisor > UINT64_MAX) {
      return fraction ? NUMBER_FRACTION : NUMBER_OVERFLOW;
    }
    value = value * 10 + (unsigned char)(text[i] - '0');
    divisor *= fraction ? 10 : 1;
  }
  value *= unit;
  if (value % divisor != 0) {
    return NUMBER_FRACTION;
  }
  if (value / divisor > UINT64_MAX) {
    return NUMBER_OVERFLOW;
  }
  *bytes = (uint64_t)(value / divisor);
  return NUMBER_OK;
}

enum number_result number_parse_size(const char *text, uint64_t *bytes) {
  static const struct {
    const char *name;
    uint64_t bytes;
  } units[] = {{"B", 1},
               {"kB", 1000},
               {"MB", 1000000},
               {"GB", 1000000000},
               {"TB", UINT64_C(1000000000000)},
               {"KiB", UINT64_C(1) << 10},
               {"MiB", UINT64_C(1) << 20},
               {"GiB", UINT64_C(1) << 30},
               {"TiB", UINT64_C(1) << 40}};
  size_t length = decimal_length(text);
  bool plain = length > 0 && memchr(text, 'e', length) == NULL && memchr(text, 'E', length) == NULL;
  for (size_t i = 0; plain && i < sizeof units / sizeof units[0]; i++) {
    if (strcmp(text + length, units[i].name) == 0) {
      return scale_to_bytes(text, length, units[i].bytes, bytes);
    }
  }
  return number_parse_count(text, bytes);
}

const char *number_complaint(enum number_result result) {
  switch (result) {
  case NUMBER_FRACTION:
    return "is not a whole number";
  case NUMBER_OVERFLOW:
    return "is too large";
  case NUMBER_MALFORMED:
    return "is not a number";
  case NUMBER_UNITLESS:
    return "has no unit";
  case NUMBER_OK:
    break;
  }
  return "is right";
}

const char *number_time_example(const char *text, enum number_result result,
                                char example[NUMBER_TEXT]) {
  bool fits = strlen(text) + sizeof "s" <= NUMBER_TEXT;
  snprintf(example, NUMBER_TEXT, "%ss", result == NUMBER_UNITLESS && fits ? text : "20");
  return example;
}

const char *number_real_text(double value, char text[NUMBER_TEXT]) {
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, NUMBER_TEXT, "%.*g", digits, value);
    if (strtod(text, NULL) == value) {
      break;
    }
  }
  return text;
}

const char *number_time_text(double seconds, char text[NUMBER_TEXT]) {
  if (seconds >= 0.9995) {
    snprintf(text, NUMBER_TEXT, seconds < 999.5 ? "%.3g s" : "%.0f s", seconds);
  } else if (seconds >= 0.9995e-3) {
    snprintf(text, NUMBER_TEXT, "%.3g ms", 1e3 * seconds);
  } else if (seconds >= 0.9995e-6 || seconds <= 0) {
    snprintf(text, NUMBER_TEXT, "%.3g us", 1e6 * seconds);
  } else {
    snprintf(text, NUMBER_TEXT, "%.3g ns", 1e9 * seconds);
  }
  return text;
}

const char *number_rate_text(double value, char text[NUMBER_TEXT]) {
  static const char *const suffixes[] = {"", " k", " M", " G", " T", " P", " E"};
  size_t suffix = 0;
  while (value >= 999.5 && suffix + 1 < sizeof suffixes / sizeof suffixes[0]) {
    value /= 1000;
    suffix++;
  }
  snprintf(text, NUMBER_TEXT, "%.3g%s", value, suffixes[suffix]);
  return text;
}
