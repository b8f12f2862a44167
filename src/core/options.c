#include "core/options.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/clean_text.h"
#include "core/number.h"
#include "core/real_list.h"
#include "core/uint128.h"

static void *target_of(const struct option_row *row, void *parameters) {
  return (char *)parameters + row->offset;
}

static const void *value_of(const struct option_row *row, const void *parameters) {
  return (const char *)parameters + row->offset;
}

bool options_is_positional(const struct option_row *row) {
  return row->name[0] != '-';
}

bool options_is_repeated(const struct option_row *row) {
  return strstr(row->name, "...") != NULL;
}

size_t options_words(const struct option_row *row) {
  size_t words = row->type == OPTION_SWITCH ? 0 : 1;
  for (const char *c = row->value; row->type == OPTION_WORDS && *c != '\0'; c++) {
    words += *c == ' ';
  }
  return words;
}

const struct option_row *options_find(const struct option_row *rows, const char *name) {
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    if (strcmp(row->name, name) == 0) {
      return row;
    }
  }
  return NULL;
}

const struct option_row *options_positional(const struct option_row *rows, size_t index) {
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    if (options_is_positional(row) && (index-- == 0 || options_is_repeated(row))) {
      return row;
    }
  }
  return NULL;
}

/* The word of "a|b|c" that equals value, as a string that lives on, or NULL. */
static const char *find_choice(const char *choices, const char *value) {
  size_t length = strlen(value);
  for (const char *word = choices; *word != '\0';) {
    size_t word_length = strcspn(word, "|");
    if (word_length == length && strncmp(word, value, length) == 0) {
      return word;
    }
    word += word_length + (word[word_length] == '|');
  }
  return NULL;
}

/* What is wrong with a number; NULL: nothing, and *target has it. `unread`: what is wrong with its
   text, or NULL. */
static const char *store_number(const struct option_row *row, void *target, uint64_t number,
                                uint64_t max, const char *unread) {
  if (unread != NULL) {
    return unread;
  }
  if (number < row->min || number > max) {
    return number < row->min ? "is too small" : "is too large";
  }
  memcpy(target, &number, sizeof number);
  return NULL;
}

static enum status set_number(const struct option_row *row, void *target, const char *value,
                              struct fault *fault) {
  /* Counts are JSON numbers, and those are signed. */
  uint64_t widest = row->type == OPTION_COUNT ? INT64_MAX : UINT64_MAX;
  uint64_t max = row->max == 0 ? widest : row->max;
  uint64_t number = 0;
  enum number_result result = number_parse_count(value, &number);
  const char *unread = result == NUMBER_OK ? NULL : number_complaint(result);
  const char *complaint = store_number(row, target, number, max, unread);
  if (complaint == NULL) {
    return STATUS_OK;
  }
  return fault_set(fault, STATUS_USAGE,
                   "%s: '%s' %s: accepted are whole numbers from %" PRIu64 " to %" PRIu64
                   ", such as 1000000, 1e6, 2^20 or 4M",
                   row->name, value, complaint, row->min, max);
}

static enum status set_size(const struct option_row *row, void *target, const char *value,
                            struct fault *fault) {
  uint64_t max = row->max == 0 ? INT64_MAX : row->max;
  uint64_t bytes = 0;
  enum number_result result = number_parse_size(value, &bytes);
  const char *unread = result == NUMBER_OK          ? NULL
                       : result == NUMBER_MALFORMED ? "is not a size"
                       : result == NUMBER_FRACTION  ? "is not a whole number of bytes"
                                                    : number_complaint(result);
  const char *complaint = store_number(row, target, bytes, max, unread);
  if (complaint == NULL) {
    return STATUS_OK;
  }
  return fault_set(fault, STATUS_USAGE,
                   "%s: '%s' %s: accepted are %" PRIu64 " to %" PRIu64
                   " bytes, such as 4096, 64KiB, 1.5MiB or 1GB",
                   row->name, value, complaint, row->min, max);
}

static enum status set_wide(const struct option_row *row, void *target, const char *value,
                            struct fault *fault) {
  uint128_t number = 0;
  enum number_result result = number_parse_count128(value, &number);
  if (result != NUMBER_OK) {
    return fault_set(fault, STATUS_USAGE,
                     "%s: '%s' %s: accepted are whole numbers from 0 to 2^128-1, such as 1000003, "
                     "1e6 or 2^61-1",
                     row->name, value, number_complaint(result));
  }
  memcpy(target, &number, sizeof number);
  return STATUS_OK;
}

enum status options_set(const struct option_row *row, void *parameters, const char *value,
                        struct fault *fault) {
  void *target = target_of(row, parameters);
  switch (row->type) {
  case OPTION_COUNT:
  case OPTION_INTEGER:
    return set_number(row, target, value, fault);
  case OPTION_SIZE:
    return set_size(row, target, value, fault);
  case OPTION_WIDE:
    return set_wide(row, target, value, fault);
  case OPTION_CHOICE: {
    const char *word = find_choice(row->choices, value);
    if (word == NULL) {
      return fault_set(fault, STATUS_USAGE, "%s: '%s' is unknown: accepted are %s", row->name,
                       value, row->choices);
    }
    /* Words are kept as copies: a choice inside "a|b|c" does not end where the word ends. */
    char *copy = strndup(word, strcspn(word, "|"));
    free(*(char **)target);
    *(char **)target = copy;
    return STATUS_OK;
  }
  case OPTION_TEXT:
  case OPTION_WORDS:
    if (*value == '\0') {
      return fault_set(fault, STATUS_USAGE, "%s: the value is empty: accepted is %s", row->name,
                       row->value);
    }
    free(*(char **)target);
    *(char **)target = strdup(value);
    return STATUS_OK;
  case OPTION_REALS: {
    struct fault inner;
    real_list_free(target);
    if (real_list_parse(value, target, &inner) != STATUS_OK) {
      return fault_set(fault, inner.status,
                       "%s: %s: accepted are numbers a,b,c or LO:HI:STEP or LO:HI:nCOUNT",
                       row->name, inner.text);
    }
    return STATUS_OK;
  }
  case OPTION_SWITCH:
    *(bool *)target = true;
    return STATUS_OK;
  }
  return STATUS_OK;
}

void options_set_standards(const struct option_row *rows, void *parameters) {
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    struct fault fault;
    if (row->standard != NULL && options_set(row, parameters, row->standard, &fault) != STATUS_OK) {
      fprintf(stderr, "parbench: wrong standard value: %s\n", fault.text);
      abort();
    }
  }
}

void options_free(const struct option_row *rows, void *parameters) {
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    void *target = target_of(row, parameters);
    if (row->type == OPTION_CHOICE || row->type == OPTION_TEXT || row->type == OPTION_WORDS) {
      free(*(char **)target);
      *(char **)target = NULL;
    } else if (row->type == OPTION_REALS) {
      real_list_free(target);
    }
  }
}

static json_t *value_to_json(const struct option_row *row, const void *value) {
  switch (row->type) {
  case OPTION_COUNT:
  case OPTION_SIZE:
  case OPTION_INTEGER: {
    uint64_t number = *(const uint64_t *)value;
    if (number < row->min) { /* not given: targets start as 0 */
      return json_null();
    }
    return row->type == OPTION_INTEGER ? json_sprintf("%" PRIu64, number)
                                       : json_integer((json_int_t)number);
  }
  case OPTION_WIDE: {
    char text[UINT128_TEXT];
    uint128_t number;
    memcpy(&number, value, sizeof number);
    return json_string(uint128_text(number, text));
  }
  case OPTION_CHOICE:
  case OPTION_TEXT:
  case OPTION_WORDS: {
    const char *text = *(const char *const *)value;
    return text == NULL ? json_null() : clean_json(text);
  }
  case OPTION_REALS: {
    const struct real_list *list = value;
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
      json_array_append_new(array, json_real(list->values[i]));
    }
    return array;
  }
  case OPTION_SWITCH:
    return json_boolean(*(const bool *)value);
  }
  return json_null();
}

json_t *options_to_json(const struct option_row *rows, const void *parameters) {
  json_t *object = json_object();
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    char key[32];
    size_t length = 0;
    for (const char *c = row->name; *c != '\0' && length + 1 < sizeof key; c++) {
      if (length > 0 || *c != '-') {
        key[length++] = (char)tolower((unsigned char)*c);
      }
    }
    key[length] = '\0';
    key[strcspn(key, ".")] = '\0';
    json_object_set_new(object, key, value_to_json(row, value_of(row, parameters)));
  }
  return object;
}

static const char *value_name(const struct option_row *row) {
  return row->type == OPTION_CHOICE ? row->choices : row->value;
}

void options_print_row(const struct option_row *row, FILE *out) {
  const char *value = options_is_positional(row) ? NULL : value_name(row);
  int width =
      fprintf(out, "  %s%s%s", row->name, value == NULL ? "" : " ", value == NULL ? "" : value);
  const int column = 26;
  if (width >= column) {
    fprintf(out, "\n%*s", column, "");
  } else {
    fprintf(out, "%*s", column - width, "");
  }
  fputs(row->help, out);
  if (row->standard != NULL) {
    fprintf(out, " [%s]", row->standard);
  }
  fputc('\n', out);
}

void options_print_help(const struct option_row *rows, FILE *out) {
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    options_print_row(row, out);
  }
}

void options_print_usage(const struct option_row *rows, int column, FILE *out) {
  const int width = 92;
  const int indent = 11;
  for (const struct option_row *row = rows; row->name != NULL; row++) {
    const char *value = options_is_positional(row) ? NULL : value_name(row);
    bool optional = !options_is_positional(row) && !row->required;
    char word[128];
    int length =
        snprintf(word, sizeof word, "%s%s%s%s%s", optional ? "[" : "", row->name,
                 value == NULL ? "" : " ", value == NULL ? "" : value, optional ? "]" : "");
    if (column + 1 + length > width) {
      fprintf(out, "\n%*s", indent, "");
      column = indent;
    }
    column += fprintf(out, " %s", word);
  }
}
