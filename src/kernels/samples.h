/* Points in space, laid out for loops that take one coordinate of many samples at a time. */
#pragma once

#include <stddef.h>

/* A structure of arrays: coordinate j of sample i is coordinates[j * stride + i]. */
struct samples {
  const double *coordinates;
  size_t stride;
  size_t dimensions;
};
