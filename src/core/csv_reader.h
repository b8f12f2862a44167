/* Strict reading of numeric CSV files: rows of points, one point a line. */
#pragma once

#include <stddef.h>

#include "core/fault.h"

/* rows x columns finite numbers, row by row. */
struct matrix {
  size_t rows, columns;
  double *values; /* malloc'ed; matrix_free */
};

/* Read `path`. Every line has the same number of fields, every field is a finite decimal number
   (blanks around it and a \r at the line's end are taken); an empty line may only be the last one.
   The fault names the file, the line and the field. */
enum status csv_read(const char *path, struct matrix *matrix, struct fault *fault);

void matrix_free(struct matrix *matrix);
