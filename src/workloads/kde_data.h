/* The samples and query points of a density estimate: read from files or made, and laid out as one
   block of bytes that can be shared by all ranks of a node. */
#pragma once

#include "core/fault.h"
#include "kernels/cube.h"
#include "workloads/workload.h"

/* Where data and points come from; texts as the user wrote them. */
struct kde_source {
  const char *data;   /* a CSV file, or NULL */
  const char *normal; /* "N,D": N points of a D-dimensional standard normal distribution */
  const char *at;     /* a CSV file of points, "X,Y" with numbers or ranges (a grid), or NULL: the
                         origin */
};

struct kde_data {
  struct samples samples;
  uint64_t count; /* of samples */
  uint64_t points;
  const double *point; /* points * dimensions, point by point */
};

/* Check the texts as far as possible without looking at files. */
enum status kde_source_check(const struct kde_source *source, struct fault *fault);

/* Read or make everything, into one block. */
enum status kde_data_load(const struct kde_source *source, uint64_t seed, struct blob *blob,
                          struct fault *fault);

/* What lies where in such a block (64-byte aligned). */
struct kde_data kde_data_view(const void *block);
