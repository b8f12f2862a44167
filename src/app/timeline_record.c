#include "app/timeline_record.h"

#include <math.h>

static json_t *percents(const struct pool *pool, const struct timeline *timeline,
                        const double *seconds) {
  json_t *list = json_array();
  for (size_t i = 0; i < timeline_count(timeline); i++) {
    double whole = timeline_length(timeline, i) * pool->team->threads;
    double percent = whole > 0 ? fmin(100 * seconds[i] / whole, 100) : 0;
    json_array_append_new(list, json_integer(lround(percent)));
  }
  return list;
}

json_t *timeline_record(const struct pool *pool) {
  json_t *busy = json_array();
  json_t *core = json_array();
  for (int rank = 0; rank < pool->team->size; rank++) {
    const struct timeline *timeline = &pool->timelines[rank];
    json_array_append_new(busy, percents(pool, timeline, timeline->busy));
    json_array_append_new(core, percents(pool, timeline, timeline->core));
  }
  return json_pack("{s:f, s:f, s:o, s:o}", "seconds", pool->timelines[0].seconds, "stretch_seconds",
                   pool->timelines[0].stretch, "busy_percent", busy, "core_percent", core);
}
