#include "workloads/kde_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv_reader.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/real_list.h"
#include "kernels/normal.h"

enum { MAX_DIMENSIONS = 1000, LINE_DOUBLES = 8 /* doubles in a cache line */ };

/* First in the block; point coordinates follow, then the samples, each on a cache line of its own.
 */
struct header {
  uint64_t samples, dimensions, points, stride;
  uint64_t padding[4];
};

static size_t round_up(size_t doubles) {
  return (doubles + LINE_DOUBLES - 1) / LINE_DOUBLES * LINE_DOUBLES;
}

static enum status parse_normal(const char *text, uint64_t *samples, uint64_t *dimensions,
                                struct fault *fault) {
  char count[64];
  const char *comma = strchr(text, ',');
  size_t length = comma == NULL ? 0 : (size_t)(comma - text);
  bool good = comma != NULL && length < sizeof count;
  if (good) {
    memcpy(count, text, length);
    count[length] = '\0';
    good = number_parse_count(count, samples) == NUMBER_OK &&
           number_parse_count(comma + 1, dimensions) == NUMBER_OK && *samples >= 1 &&
           *samples <= UINT64_C(1000000000000) && *dimensions >= 1 && *dimensions <= MAX_DIMENSIONS;
  }
  return good
             ? STATUS_OK
             : fault_set(fault, STATUS_USAGE,
                         "--normal: '%s': accepted is N,D with N from 1 to 1e12 samples and D from "
                         "1 to %d dimensions",
                         text, (int)MAX_DIMENSIONS);
}

/* A point or grid on the command line, rather than a file's name. */
static bool is_written_out(const char *at) {
  return at[strspn(at, "0123456789+-.eE,:n_")] == '\0';
}

/* "X,Y" where each coordinate is a number or a range: the points of the grid, the last coordinate
   running fastest. */
static enum status parse_grid(const char *text, struct matrix *points, struct fault *fault) {
  *points = (struct matrix){.rows = 1, .values = calloc(1, sizeof *points->values)};
  const char *at = text;
  while (points->values != NULL && at != NULL) {
    char coordinate[128];
    size_t length = strcspn(at, ",");
    struct real_list list;
    struct fault inner;
    fault_set(&inner, STATUS_USAGE, "a coordinate is too long");
    if (length < sizeof coordinate) {
      memcpy(coordinate, at, length);
      coordinate[length] = '\0';
    }
    if (length >= sizeof coordinate || real_list_parse(coordinate, &list, &inner) != STATUS_OK) {
      matrix_free(points);
      return fault_set(fault, inner.status,
                       "--at: %s: accepted are X,Y (numbers, or LO:HI:STEP or LO:HI:nCOUNT for a "
                       "grid) or a CSV file",
                       inner.text);
    }
    size_t columns = points->columns;
    size_t rows = points->rows * list.count;
    double *grown = rows > REAL_LIST_MAX || columns == MAX_DIMENSIONS
                        ? NULL
                        : malloc(rows * (columns + 1) * sizeof *grown);
    if (grown == NULL) {
      real_list_free(&list);
      matrix_free(points);
      return fault_set(fault, STATUS_USAGE, "--at: '%.60s' makes too many points: accepted are %d",
                       text, (int)REAL_LIST_MAX);
    }
    for (size_t row = 0; row < rows; row++) {
      const double *old = points->values + row / list.count * columns;
      for (size_t column = 0; column < columns; column++) {
        grown[row * (columns + 1) + column] = old[column];
      }
      grown[row * (columns + 1) + columns] = list.values[row % list.count];
    }
    real_list_free(&list);
    matrix_free(points);
    *points = (struct matrix){.rows = rows, .columns = columns + 1, .values = grown};
    at = at[length] == ',' ? at + length + 1 : NULL;
  }
  return points->values != NULL ? STATUS_OK : fault_set(fault, STATUS_FAILED, "out of memory");
}

enum status kde_source_check(const struct kde_source *source, struct fault *fault) {
  if (source->data != NULL && source->normal != NULL) {
    return fault_set(fault, STATUS_USAGE, "--data and --normal: accepted is one of them");
  }
  uint64_t samples;
  uint64_t dimensions;
  if (source->normal != NULL &&
      parse_normal(source->normal, &samples, &dimensions, fault) != STATUS_OK) {
    return fault->status;
  }
  if (source->at != NULL && is_written_out(source->at)) {
    struct matrix points;
    if (parse_grid(source->at, &points, fault) != STATUS_OK) {
      return fault->status;
    }
    matrix_free(&points);
  }
  return STATUS_OK;
}

static enum status load_points(const char *at, uint64_t dimensions, struct matrix *points,
                               struct fault *fault) {
  if (at == NULL) {
    *points = (struct matrix){
        .rows = 1, .columns = dimensions, .values = calloc(dimensions, sizeof *points->values)};
    return points->values != NULL ? STATUS_OK : fault_set(fault, STATUS_FAILED, "out of memory");
  }
  enum status status =
      is_written_out(at) ? parse_grid(at, points, fault) : csv_read(at, points, fault);
  if (status == STATUS_OK && points->columns != dimensions) {
    status = fault_set(fault, STATUS_USAGE,
                       "--at: '%.80s' has %zu coordinates, the samples have %" PRIu64, at,
                       points->columns, dimensions);
    matrix_free(points);
  }
  return status;
}

/* A block with room for everything and the points in place; NULL when memory lacks, which is found
   out before hours are spent on filling it. */
static struct header *make_block(uint64_t samples, uint64_t dimensions, const struct matrix *points,
                                 struct blob *blob, struct fault *fault) {
  size_t stride = round_up(samples);
  size_t bytes;
  size_t with_copy = 0; /* the one that ranks share */
  if (__builtin_mul_overflow(stride, dimensions * sizeof(double), &bytes) ||
      __builtin_add_overflow(
          bytes, sizeof(struct header) + round_up(points->rows * dimensions) * sizeof(double),
          &bytes) ||
      __builtin_mul_overflow(bytes, (size_t)2, &with_copy)) {
    with_copy = SIZE_MAX;
  }
  char what[96];
  snprintf(what, sizeof what, "%" PRIu64 " samples of %" PRIu64 " dimensions", samples, dimensions);
  if (memory_check(with_copy, what, fault) != STATUS_OK) {
    return NULL;
  }
  struct header *header = calloc(1, bytes);
  if (header == NULL) {
    fault_set(fault, STATUS_FAILED, "out of memory for %s", what);
  } else {
    *header = (struct header){
        .samples = samples, .dimensions = dimensions, .points = points->rows, .stride = stride};
    memcpy(header + 1, points->values, points->rows * dimensions * sizeof(double));
    *blob = (struct blob){header, bytes};
  }
  return header;
}

enum status kde_data_load(const struct kde_source *source, uint64_t seed, struct blob *blob,
                          struct fault *fault) {
  struct matrix rows = {0};
  uint64_t samples = 0;
  uint64_t dimensions = 0;
  enum status status;
  if (source->data != NULL) {
    status = csv_read(source->data, &rows, fault);
    samples = rows.rows;
    dimensions = rows.columns;
  } else {
    status = parse_normal(source->normal, &samples, &dimensions, fault);
  }
  struct matrix points = {0};
  if (status == STATUS_OK) {
    status = load_points(source->at, dimensions, &points, fault);
  }
  if (status == STATUS_OK) {
    struct header *header = make_block(samples, dimensions, &points, blob, fault);
    if (header == NULL) {
      status = fault->status;
    } else {
      double *coordinates = (double *)(header + 1) + round_up(points.rows * dimensions);
      for (uint64_t i = 0; i < samples; i++) {
        for (uint64_t j = 0; j < dimensions; j++) {
          coordinates[j * header->stride + i] = source->data != NULL
                                                    ? rows.values[i * dimensions + j]
                                                    : normal_deviate(seed, i * dimensions + j);
        }
      }
    }
  }
  matrix_free(&points);
  matrix_free(&rows);
  return status;
}

struct kde_data kde_data_view(const void *block) {
  const struct header *header = block;
  const double *point = (const double *)(header + 1);
  return (struct kde_data){
      .samples = {.coordinates = point + round_up(header->points * header->dimensions),
                  .stride = header->stride,
                  .dimensions = header->dimensions},
      .count = header->samples,
      .points = header->points,
      .point = point,
  };
}
