#include "core/real_list.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

__extension__ typedef __int128 int128;

/* mantissa * 10^-places, exact. */
struct decimal {
  int64_t mantissa;
  int places;
};

enum { MAX_DIGITS = 15, MAX_PLACES = 18 };

/* Reads "-12.5e-3"; false when it is no decimal or has more digits than are exact here. */
static bool decimal_parse(const char *text, struct decimal *decimal) {
  double checked;
  if (number_parse_real(text, &checked) != NUMBER_OK) {
    return false;
  }
  bool negative = *text == '-';
  text += *text == '-' || *text == '+';
  int64_t mantissa = 0;
  int places = 0;
  int digits = 0;
  bool fraction = false;
  for (; *text != '\0' && *text != 'e' && *text != 'E'; text++) {
    if (*text == '.') {
      fraction = true;
      continue;
    }
    digits += mantissa != 0 || *text != '0';
    if (digits > MAX_DIGITS) {
      return false;
    }
    mantissa = mantissa * 10 + (*text - '0');
    places += fraction;
  }
  if (*text != '\0') {
    long exponent = strtol(text + 1, NULL, 10);
    if (exponent < -MAX_PLACES || exponent > MAX_PLACES) {
      return false;
    }
    places -= (int)exponent;
  }
  for (; places < 0; places++) {
    if (__builtin_mul_overflow(mantissa, 10, &mantissa)) {
      return false;
    }
  }
  *decimal = (struct decimal){negative ? -mantissa : mantissa, places};
  return places <= MAX_PLACES;
}

static bool decimal_to_places(struct decimal *decimal, int places) {
  for (; decimal->places < places; decimal->places++) {
    if (__builtin_mul_overflow(decimal->mantissa, 10, &decimal->mantissa)) {
      return false;
    }
  }
  return true;
}

/* The double nearest to numerator / (denominator * 10^places): long division into a decimal text
   with a sticky last digit, and one correctly rounded strtod. */
static double nearest_double(int128 numerator, int128 denominator, int places) {
  enum { FRACTION_DIGITS = 40 };
  char text[128];
  int at = 0;
  if (numerator < 0) {
    text[at++] = '-';
    numerator = -numerator;
  }
  /* |numerator| / denominator is at most a 64-bit mantissa here, so 20 digits hold it. */
  at += snprintf(text + at, sizeof text - (size_t)at, "%" PRIu64 ".",
                 (uint64_t)(numerator / denominator));
  int128 rest = numerator % denominator;
  for (int i = 0; i < FRACTION_DIGITS; i++) {
    rest *= 10;
    text[at++] = (char)('0' + (int)(rest / denominator));
    rest %= denominator;
  }
  text[at++] = rest != 0 ? '1' : '0';
  snprintf(text + at, sizeof text - (size_t)at, "e-%d", places);
  return strtod(text, NULL);
}

static enum status allocate(struct real_list *list, size_t count, struct fault *fault) {
  list->values = malloc(count * sizeof *list->values);
  if (list->values == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory for %zu values", count);
  }
  list->count = count;
  return STATUS_OK;
}

static enum status parse_range(char *lo_text, char *hi_text, char *step_text,
                               struct real_list *list, struct fault *fault) {
  struct decimal lo;
  struct decimal hi;
  struct decimal step = {1, 0};
  uint64_t count = 0;
  bool by_count = *step_text == 'n';
  if (!decimal_parse(lo_text, &lo) || !decimal_parse(hi_text, &hi) ||
      (by_count ? number_parse_count(step_text + 1, &count) != NUMBER_OK
                : !decimal_parse(step_text, &step))) {
    return fault_set(fault, STATUS_USAGE,
                     "'%s:%s:%s' is not a range of decimal numbers (at most %d digits each)",
                     lo_text, hi_text, step_text, (int)MAX_DIGITS);
  }
  int places = lo.places > hi.places ? lo.places : hi.places;
  places = places > step.places ? places : step.places;
  if (!decimal_to_places(&lo, places) || !decimal_to_places(&hi, places) ||
      !decimal_to_places(&step, places)) {
    return fault_set(fault, STATUS_USAGE, "'%s:%s:%s' mixes sizes too far apart to be exact",
                     lo_text, hi_text, step_text);
  }
  if (lo.mantissa > hi.mantissa) {
    return fault_set(fault, STATUS_USAGE, "'%s:%s:%s' runs backwards", lo_text, hi_text, step_text);
  }
  int128 length = (int128)hi.mantissa - lo.mantissa;
  if (!by_count) {
    if (step.mantissa <= 0) {
      return fault_set(fault, STATUS_USAGE, "the step '%s' is not above zero", step_text);
    }
    int128 steps = length / step.mantissa + 1;
    count = steps > REAL_LIST_MAX ? REAL_LIST_MAX + 1 : (uint64_t)steps;
  }
  if (count == 0 || count > REAL_LIST_MAX || (by_count && count == 1 && length != 0)) {
    return fault_set(fault, STATUS_USAGE, "'%s:%s:%s' has %s values", lo_text, hi_text, step_text,
                     count > REAL_LIST_MAX ? "more than 1000000" : "too few");
  }
  if (allocate(list, count, fault) != STATUS_OK) {
    return fault->status;
  }
  int128 parts = by_count && count > 1 ? (int128)count - 1 : 1;
  int128 stride = by_count ? length : step.mantissa;
  for (size_t i = 0; i < count; i++) {
    list->values[i] =
        nearest_double((int128)lo.mantissa * parts + stride * (int128)i, parts, places);
  }
  return STATUS_OK;
}

static enum status parse_items(char *text, struct real_list *list, struct fault *fault) {
  size_t count = 1;
  for (const char *c = text; *c != '\0'; c++) {
    count += *c == ',';
  }
  if (count > REAL_LIST_MAX) {
    return fault_set(fault, STATUS_USAGE, "the list has more than %d values", (int)REAL_LIST_MAX);
  }
  if (allocate(list, count, fault) != STATUS_OK) {
    return fault->status;
  }
  for (size_t i = 0; i < count; i++) {
    char *comma = strchr(text, ',');
    if (comma != NULL) {
      *comma = '\0';
    }
    enum number_result result = number_parse_real(text, &list->values[i]);
    if (result != NUMBER_OK) {
      fault_set(fault, STATUS_USAGE, "'%s' %s", text, number_complaint(result));
      real_list_free(list);
      return fault->status;
    }
    text = comma == NULL ? text : comma + 1;
  }
  return STATUS_OK;
}

enum status real_list_parse(const char *text, struct real_list *list, struct fault *fault) {
  *list = (struct real_list){0};
  char *copy = strdup(text);
  if (copy == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  enum status status;
  char *hi = strchr(copy, ':');
  char *step = hi == NULL ? NULL : strchr(hi + 1, ':');
  if (step != NULL) {
    *hi++ = '\0';
    *step++ = '\0';
    status = parse_range(copy, hi, step, list, fault);
  } else {
    status = hi != NULL ? fault_set(fault, STATUS_USAGE, "'%s' lacks the third part", text)
                        : parse_items(copy, list, fault);
  }
  free(copy);
  return status;
}

void real_list_free(struct real_list *list) {
  free(list->values);
  *list = (struct real_list){0};
}
