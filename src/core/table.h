/* A table of texts, built in one place and printed in another. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_MAX_COLUMNS = 24 };

struct table {
  size_t columns, rows;
  const char *headings[TABLE_MAX_COLUMNS]; /* not copied */
  bool left[TABLE_MAX_COLUMNS];            /* left-aligned when printed for people */
  bool real[TABLE_MAX_COLUMNS];            /* real numbers: people see six digits, CSV all */
  char **cells;                            /* rows * columns, owned */
  size_t capacity;
  struct table *next; /* printed after this one, behind an empty line; owned; NULL: none */
};

void table_init(struct table *table);
void table_free(struct table *table);

/* Columns first, all of them; then cells row by row. Running out of memory ends the program: a
   table is small. */
void table_add_column(struct table *table, const char *heading, bool left);
void table_add_real_column(struct table *table, const char *heading);
void table_add_cell(struct table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A second table, empty, printed after this one; it is freed with it. */
struct table *table_add_table(struct table *table);

const char *table_cell(const struct table *table, size_t row, size_t column);

/* For people: aligned columns, two blanks apart, each line after `indent` blanks. */
void table_print(const struct table *table, int indent, FILE *out);

/* As CSV (RFC 4180), lines end in \n. A next table always has its headings. */
void table_print_csv(const struct table *table, bool with_headings, FILE *out);
