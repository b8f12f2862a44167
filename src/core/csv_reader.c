#include "core/csv_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

struct reader {
  const char *path;
  size_t line;
  struct matrix *matrix;
  size_t capacity; /* numbers allocated */
  struct fault *fault;
};

static enum status append(struct reader *reader, size_t count, double value) {
  struct matrix *matrix = reader->matrix;
  if (count == reader->capacity) {
    size_t capacity = reader->capacity == 0 ? 1024 : 2 * reader->capacity;
    double *grown = realloc(matrix->values, capacity * sizeof *grown);
    if (grown == NULL) {
      return fault_set(reader->fault, STATUS_FAILED, "%s: out of memory after %zu lines",
                       reader->path, reader->line);
    }
    matrix->values = grown;
    reader->capacity = capacity;
  }
  matrix->values[count] = value;
  return STATUS_OK;
}

static char *trim(char *text) {
  text += strspn(text, " \t");
  size_t length = strlen(text);
  while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
    length--;
  }
  text[length] = '\0';
  return text;
}

static enum status read_field(struct reader *reader, char *field, size_t column) {
  field = trim(field);
  double value = 0;
  enum number_result result = number_parse_real(field, &value);
  if (result != NUMBER_OK) {
    return fault_set(reader->fault, STATUS_USAGE,
                     "%s: line %zu, field %zu: '%.40s' %s: accepted are finite decimal numbers%s",
                     reader->path, reader->line, column + 1, field,
                     *field == '\0' ? "is missing" : number_complaint(result),
                     reader->line == 1 ? ", without a heading line" : "");
  }
  return append(reader, reader->matrix->rows * reader->matrix->columns + column, value);
}

static enum status read_line(struct reader *reader, char *line) {
  struct matrix *matrix = reader->matrix;
  size_t columns = 1;
  for (const char *c = line; *c != '\0'; c++) {
    columns += *c == ',';
  }
  if (matrix->rows == 0) {
    matrix->columns = columns;
  } else if (columns != matrix->columns) {
    return fault_set(reader->fault, STATUS_USAGE,
                     "%s: line %zu has %zu field%s, line 1 has %zu: accepted is the same number on "
                     "every line",
                     reader->path, reader->line, columns, columns == 1 ? "" : "s", matrix->columns);
  }
  for (size_t column = 0; column < columns; column++) {
    char *comma = strchr(line, ',');
    if (comma != NULL) {
      *comma = '\0';
    }
    if (read_field(reader, line, column) != STATUS_OK) {
      return reader->fault->status;
    }
    line = comma == NULL ? line : comma + 1;
  }
  matrix->rows++;
  return STATUS_OK;
}

static enum status read_lines(struct reader *reader, FILE *file) {
  char *line = NULL;
  size_t size = 0;
  size_t empty_line = 0;
  enum status status = STATUS_OK;
  ssize_t length;
  while (status == STATUS_OK && (length = getline(&line, &size, file)) >= 0) {
    reader->line++;
    if (reader->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
      memset(line, ' ', 3); /* the mark that spreadsheets put before UTF-8 */
    }
    if (strlen(line) != (size_t)length) {
      status = fault_set(reader->fault, STATUS_USAGE,
                         "%s: line %zu holds binary data: accepted are lines of numbers",
                         reader->path, reader->line);
    } else if (line[strspn(line, " \t\r\n")] == '\0') {
      empty_line = empty_line == 0 ? reader->line : empty_line;
    } else if (empty_line != 0) {
      status = fault_set(reader->fault, STATUS_USAGE,
                         "%s: line %zu is empty, and numbers follow it", reader->path, empty_line);
    } else {
      status = read_line(reader, line);
    }
  }
  if (status == STATUS_OK && !feof(file)) { /* or memory lacked for a line */
    status = fault_set(reader->fault, STATUS_USAGE, "%s: cannot be read: %s", reader->path,
                       strerror(errno));
  }
  free(line);
  return status;
}

enum status csv_read(const char *path, struct matrix *matrix, struct fault *fault) {
  *matrix = (struct matrix){0};
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return fault_set(fault, STATUS_USAGE, "%s: cannot be read: %s", path, strerror(errno));
  }
  struct reader reader = {.path = path, .matrix = matrix, .fault = fault};
  enum status status = read_lines(&reader, file);
  fclose(file);
  if (status == STATUS_OK && matrix->rows == 0) {
    status = fault_set(fault, STATUS_USAGE, "%s: the file is empty: accepted are lines of numbers",
                       path);
  }
  if (status != STATUS_OK) {
    matrix_free(matrix);
  }
  return status;
}

void matrix_free(struct matrix *matrix) {
  free(matrix->values);
  *matrix = (struct matrix){0};
}
