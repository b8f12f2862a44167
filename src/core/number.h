/* Numbers as users write them. All parsers are strict: the whole text must be the number. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/uint128.h"

enum number_result {
  NUMBER_OK,
  NUMBER_MALFORMED, /* not a number of this kind: "1e6x", "-1", "" */
  NUMBER_FRACTION,  /* a fraction of an item: "1.5", "1e-3" */
  NUMBER_OVERFLOW,  /* does not fit */
  NUMBER_UNITLESS,  /* a time without its unit: "8" */
};

/* A count: 1000000, 1e6, 1.5e3, 1_000_000, 2^20, 2^61-1, 2^10+1, 4k 4M 4G (powers of ten).
   Exact for every value below 2^64. */
enum number_result number_parse_count(const char *text, uint64_t *value);

/* The same for every value below 2^128; 2^127-1 and 2^128-1 too. */
enum number_result number_parse_count128(const char *text, uint128_t *value);

/* A finite real number in decimal: 0.5, -1, 1e-3. No NaN, infinity, hexadecimal or blanks. */
enum number_result number_parse_real(const char *text, double *value);

/* A time: 10us, 5ms, 2s, 1min, 100ns, 1.5ms, 1e-3s, as seconds. A unit is needed, for 0 too;
   nothing is negative. */
enum number_result number_parse_time(const char *text, double *seconds);

/* A size in bytes, below 2^64: a count, or a decimal number with one of the units B, kB, MB, GB, TB
   (powers of ten), KiB, MiB, GiB, TiB (powers of two): 4096, 64KiB, 1.5MiB, 1GB. A fraction of a
   byte is none. */
enum number_result number_parse_size(const char *text, uint64_t *bytes);

/* What is wrong, for a message: "is not a number", "is not a whole number", "is too large", "has no
   unit". */
const char *number_complaint(enum number_result result);

enum { NUMBER_TEXT = 32 };

/* For the message about a time that was not read: one that would have been, made of the text where
   only the unit is missing ("8s" of "8"). Returns example. */
const char *number_time_example(const char *text, enum number_result result,
                                char example[NUMBER_TEXT]);

/* The shortest decimal that reads back as the same double. Returns text. */
const char *number_real_text(double value, char text[NUMBER_TEXT]);

/* A time for people, three digits: "2.27 s", "350 ms", "11.2 us". Returns text. */
const char *number_time_text(double seconds, char text[NUMBER_TEXT]);

/* A rate or size for people, three digits and a power-of-ten suffix: "2.27 G". Returns text. */
const char *number_rate_text(double value, char text[NUMBER_TEXT]);
