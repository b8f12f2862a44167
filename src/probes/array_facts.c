#include "probes/array_verdict.h"

#include <math.h>
#include <stdlib.h>

double array_verdict_seconds(const struct array_verdict *verdict, enum array_step step) {
  double start = INFINITY;
  double end = -INFINITY;
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    start = fmin(start, verdict->findings[rank].start[step]);
    end = fmax(end, verdict->findings[rank].end[step]);
  }
  return end - start;
}

static json_t *gigabytes_per_second(const struct array_verdict *verdict, enum array_step step) {
  const struct array_memory *memory = verdict->memory;
  double seconds = array_verdict_seconds(verdict, step);
  double bytes = (double)array_memory_size(memory->rows, memory->cols);
  return json_real(seconds > 0 ? bytes / seconds / 1e9 : 0);
}

static json_t *per_rank(const struct array_verdict *verdict) {
  json_t *list = json_array();
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    uint64_t rows = verdict->findings[rank].rows;
    json_t *row = json_pack("{s:i, s:I}", "rank", rank, "rows", (json_int_t)rows);
    json_array_append_new(list, row);
  }
  for (int looker = 0; looker < verdict->memory->team->size; looker++) {
    const struct array_findings *found = &verdict->findings[looker];
    int rank = verdict->fill == ARRAY_FILL_RANDOM ? found->remade : found->verified;
    json_t *row = json_array_get(list, (size_t)rank);
    json_object_set_new(row, "values", json_integer((json_int_t)found->confirmed));
    json_object_set_new(row, "counted_by", json_integer(looker));
  }
  return list;
}

/* What a node's processes took, and its rows. */
struct node_memory {
  int64_t taken;
  uint64_t copy;
};

/* The node that took most for its rows. Nodes are known by their first places, which are less than
   the number of ranks. */
static bool most_taken(const struct array_verdict *verdict, struct node_memory *most) {
  const struct array_memory *memory = verdict->memory;
  size_t size = (size_t)memory->team->size;
  struct node_memory *nodes = calloc(size, sizeof *nodes);
  bool known = nodes != NULL;
  for (size_t rank = 0; known && rank < size; rank++) {
    const struct array_findings *found = &verdict->findings[rank];
    struct node_memory *node = &nodes[found->node];
    known = found->knows_memory;
    node->taken += (int64_t)(found->memory_after - found->memory_before);
    node->copy = found->node_rows * memory->cols * sizeof(double);
  }
  for (size_t i = 0; known && i < size; i++) {
    if (nodes[i].taken - (int64_t)nodes[i].copy >= most->taken - (int64_t)most->copy ||
        most->copy == 0) {
      *most = nodes[i].copy > 0 ? nodes[i] : *most;
    }
  }
  free(nodes);
  return known && most->copy > 0;
}

static void fill_memory(const struct array_verdict *verdict, json_t *facts) {
  struct node_memory most = {0};
  bool known = most_taken(verdict, &most);
  double taken = most.taken > 0 ? (double)most.taken : 0;
  json_object_set_new(facts, "bytes_per_node",
                      known ? json_integer((json_int_t)taken) : json_null());
  json_object_set_new(facts, "copies", known ? json_real(taken / (double)most.copy) : json_null());
}

/* Seconds that the ranks worked, beside waiting for one another. */
static void fill_busy(const struct array_verdict *verdict, json_t *facts) {
  int size = verdict->memory->team->size;
  double most = 0;
  double total = 0;
  for (int rank = 0; rank < size; rank++) {
    const struct array_findings *found = &verdict->findings[rank];
    double busy = 0;
    for (int step = 0; step < ARRAY_STEPS; step++) {
      busy += found->end[step] - found->start[step];
    }
    most = fmax(most, busy);
    total += busy;
  }
  json_object_set_new(facts, "busy_max", json_real(most));
  json_object_set_new(facts, "busy_mean", json_real(total / size));
}

static int count_writers(const struct array_verdict *verdict) {
  int writers = 0;
  for (int rank = 0; rank < verdict->memory->team->size; rank++) {
    writers += verdict->findings[rank].rows > 0;
  }
  return writers;
}

void array_verdict_facts(const struct array_verdict *verdict, json_t *facts) {
  const struct array_memory *memory = verdict->memory;
  uint64_t bytes = array_memory_size(memory->rows, memory->cols);
  json_object_set_new(facts, "per_rank", per_rank(verdict));
  json_object_set_new(facts, "bytes", json_integer((json_int_t)bytes));
  fill_memory(verdict, facts);
  json_object_set_new(facts, "first_touch_seconds",
                      json_real(array_verdict_seconds(verdict, ARRAY_TOUCH)));
  json_object_set_new(facts, "map_seconds", json_real(array_verdict_seconds(verdict, ARRAY_MAP)));
  json_object_set_new(facts, "default_gbps", gigabytes_per_second(verdict, ARRAY_EXPECT));
  json_object_set_new(facts, "fill_gbps", gigabytes_per_second(verdict, ARRAY_WRITE));
  json_object_set_new(facts, "verify_gbps", gigabytes_per_second(verdict, ARRAY_VERIFY));
  if (verdict->fill == ARRAY_FILL_RANDOM) {
    json_object_set_new(facts, "remake_gbps", gigabytes_per_second(verdict, ARRAY_REMAKE));
  }
  json_object_set_new(facts, "stores", json_string(verdict->streaming ? "non-temporal" : "plain"));
  json_object_set_new(facts, "chunks", json_integer(count_writers(verdict)));
  fill_busy(verdict, facts);
}
