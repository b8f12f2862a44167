/* What --timeline tells, as the JSON that the text's table and the picture are made from. */
#pragma once

#include <jansson.h>

#include "pool/pool.h"

/* Rank 0, of the pool's last run: {"seconds": of the run, "stretch_seconds": of each stretch, the
   last one may be shorter, "busy_percent", "core_percent": [of each rank [of each stretch]]}.
   Percents of the time of the rank's threads: inside the workload, and with a core for it. */
json_t *timeline_record(const struct pool *pool);
