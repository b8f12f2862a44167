/* One table of rows describes all that a command takes. Parsing, --help and the JSON record of the
   parameters all come from the table; nothing about a parameter is written twice. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/fault.h"

enum option_type {
  OPTION_COUNT,   /* uint64_t: a number of items; a JSON number */
  OPTION_INTEGER, /* uint64_t: a member of a range or an operand; a JSON string */
  OPTION_WIDE,    /* uint128_t: an operand of up to 128 bits; a JSON string */
  OPTION_SIZE,    /* uint64_t: bytes; a JSON number */
  OPTION_CHOICE,  /* const char *: one word of `choices` */
  OPTION_TEXT,    /* const char *, NULL when not given */
  OPTION_WORDS,   /* const char *: as many words as `value` names ("primes LO HI"), kept with a
                     blank between two */
  OPTION_REALS,   /* struct real_list */
  OPTION_SWITCH,  /* bool: takes no value */
};

struct option_row {
  const char *name; /* "--samples"; "LO" for an argument by position; "N..." for one that may be
                       given several times and makes a case each time (must be the last) */
  enum option_type type;
  size_t offset;        /* of the target in the parameters' struct */
  const char *value;    /* what help calls the value: "N"; NULL for arguments and switches */
  const char *standard; /* the value when none is given, as text; NULL: none */
  const char *choices;  /* OPTION_CHOICE: "sieve|mr|trial" */
  uint64_t min, max; /* OPTION_COUNT, OPTION_INTEGER and OPTION_SIZE: accepted values; max 0: what
                        the type holds */
  bool required;     /* arguments by position are required anyhow */
  const char *help;
};

/* A table ends with an all-zero row. Parameters' structs start zeroed and hold all targets. */

/* Set every target that has a standard value to it. A wrong standard is a defect and ends the
   program. */
void options_set_standards(const struct option_row *rows, void *parameters);

/* Parse value into row's target. The fault names the row, the value and what is accepted. */
enum status options_set(const struct option_row *row, void *parameters, const char *value,
                        struct fault *fault);

/* The row of an option ("--samples") or NULL. */
const struct option_row *options_find(const struct option_row *rows, const char *name);

/* The index-th argument by position, or NULL. A row "N..." answers to every further index too. */
const struct option_row *options_positional(const struct option_row *rows, size_t index);

bool options_is_positional(const struct option_row *row);
bool options_is_repeated(const struct option_row *row); /* "N..." */

/* How many words of the command line its value takes. */
size_t options_words(const struct option_row *row);

/* Free what parsing allocated (not the struct itself). */
void options_free(const struct option_row *rows, void *parameters);

/* The parameters as a JSON object, keyed by the names without dashes, in lower case. Options that
   were not given and have no standard value are null. */
json_t *options_to_json(const struct option_row *rows, const void *parameters);

/* " --samples N  help text (standard 1e8)", a line a row. */
void options_print_help(const struct option_row *rows, FILE *out);
void options_print_row(const struct option_row *row, FILE *out);

/* " LO HI [--kernel auto|sieve|mr|trial]", wrapped; `column` characters stand on the line already.
 */
void options_print_usage(const struct option_row *rows, int column, FILE *out);
