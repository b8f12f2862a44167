#include "core/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

void table_init(struct table *table) {
  *table = (struct table){0};
}

void table_free(struct table *table) {
  for (size_t i = 0; i < table->capacity; i++) {
    free(table->cells[i]);
  }
  free((void *)table->cells);
  if (table->next != NULL) {
    table_free(table->next);
    free(table->next);
  }
  *table = (struct table){0};
}

void table_add_column(struct table *table, const char *heading, bool left) {
  if (table->columns == TABLE_MAX_COLUMNS) {
    abort();
  }
  table->headings[table->columns] = heading;
  table->left[table->columns++] = left;
}

void table_add_real_column(struct table *table, const char *heading) {
  table_add_column(table, heading, false);
  table->real[table->columns - 1] = true;
}

/* The cells used so far: `rows` counts a row from its first cell on. */
static size_t cells_used(const struct table *table) {
  size_t used = table->rows * table->columns;
  while (used > 0 && table->cells[used - 1] == NULL) {
    used--;
  }
  return used;
}

void table_add_cell(struct table *table, const char *format, ...) {
  size_t used = cells_used(table);
  if (used == table->rows * table->columns) {
    table->rows++;
    size_t needed = table->rows * table->columns;
    if (needed > table->capacity) {
      size_t capacity = 2 * needed;
      table->cells = (char **)realloc((void *)table->cells, capacity * sizeof *table->cells);
      if (table->cells == NULL) {
        abort();
      }
      memset((void *)(table->cells + table->capacity), 0,
             (capacity - table->capacity) * sizeof *table->cells);
      table->capacity = capacity;
    }
  }
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *cell = malloc((size_t)length + 1);
  if (cell == NULL) {
    abort();
  }
  vsnprintf(cell, (size_t)length + 1, format, again);
  va_end(again);
  table->cells[used] = cell;
}

struct table *table_add_table(struct table *table) {
  table->next = calloc(1, sizeof *table->next);
  if (table->next == NULL) {
    abort();
  }
  table_init(table->next);
  return table->next;
}

const char *table_cell(const struct table *table, size_t row, size_t column) {
  const char *cell = table->cells[row * table->columns + column];
  return cell == NULL ? "" : cell;
}

/* Columns on a screen: bytes that do not continue a UTF-8 character. */
static int display_width(const char *text) {
  int width = 0;
  for (; *text != '\0'; text++) {
    width += ((unsigned char)*text & 0xc0) != 0x80;
  }
  return width;
}

/* The cell as people see it. */
static const char *shown(const struct table *table, size_t row, size_t column,
                         char text[NUMBER_TEXT]) {
  const char *cell = table_cell(table, row, column);
  char *end;
  double value = strtod(cell, &end);
  if (table->real[column] && *cell != '\0' && *end == '\0') { /* "-": no number is known */
    snprintf(text, NUMBER_TEXT, "%.6g", value);
    return text;
  }
  return cell;
}

static void print_padded(const char *text, int width, bool left, bool last, FILE *out) {
  int padding = width - display_width(text);
  if (left) {
    fprintf(out, "%s%*s", text, last || padding < 0 ? 0 : padding, "");
  } else {
    fprintf(out, "%*s%s", padding < 0 ? 0 : padding, "", text);
  }
  fputs(last ? "\n" : "  ", out);
}

/* Columns of a row before it is empty: lines do not end in blanks. */
static size_t columns_used(const struct table *table, size_t row) {
  size_t used = table->columns;
  while (used > 1 && *table_cell(table, row, used - 1) == '\0') {
    used--;
  }
  return used;
}

static void print_one(const struct table *table, int indent, FILE *out) {
  int widths[TABLE_MAX_COLUMNS];
  char text[NUMBER_TEXT];
  for (size_t c = 0; c < table->columns; c++) {
    widths[c] = display_width(table->headings[c]);
    for (size_t r = 0; r < table->rows; r++) {
      int width = display_width(shown(table, r, c, text));
      widths[c] = width > widths[c] ? width : widths[c];
    }
  }
  fprintf(out, "%*s", indent, "");
  for (size_t c = 0; c < table->columns; c++) {
    print_padded(table->headings[c], widths[c], table->left[c], c + 1 == table->columns, out);
  }
  for (size_t r = 0; r < table->rows; r++) {
    fprintf(out, "%*s", indent, "");
    size_t used = columns_used(table, r);
    for (size_t c = 0; c < used; c++) {
      print_padded(shown(table, r, c, text), widths[c], table->left[c], c + 1 == used, out);
    }
  }
}

void table_print(const struct table *table, int indent, FILE *out) {
  print_one(table, indent, out);
  for (const struct table *next = table->next; next != NULL; next = next->next) {
    fputc('\n', out);
    print_one(next, indent, out);
  }
}

static void print_csv_field(const char *text, bool last, FILE *out) {
  if (strpbrk(text, ",\"\n\r") == NULL) {
    fputs(text, out);
  } else {
    fputc('"', out);
    for (; *text != '\0'; text++) {
      if (*text == '"') {
        fputc('"', out);
      }
      fputc(*text, out);
    }
    fputc('"', out);
  }
  fputc(last ? '\n' : ',', out);
}

static void print_one_as_csv(const struct table *table, bool with_headings, FILE *out) {
  if (with_headings) {
    for (size_t c = 0; c < table->columns; c++) {
      print_csv_field(table->headings[c], c + 1 == table->columns, out);
    }
  }
  for (size_t r = 0; r < table->rows; r++) {
    for (size_t c = 0; c < table->columns; c++) {
      print_csv_field(table_cell(table, r, c), c + 1 == table->columns, out);
    }
  }
}

void table_print_csv(const struct table *table, bool with_headings, FILE *out) {
  print_one_as_csv(table, with_headings, out);
  for (const struct table *next = table->next; next != NULL; next = next->next) {
    fputc('\n', out);
    print_one_as_csv(next, true, out);
  }
}
