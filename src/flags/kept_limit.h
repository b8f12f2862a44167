/* A limit that is kept in one place for all, by a Redis server or by rank 0, as one rank knows it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kept_limit {
  uint64_t lowest; /* that this rank has found or heard of */
  uint64_t told;   /* the lowest that the keeper knows, or will by what is in flight */
};

#define KEPT_LIMIT_UNTOUCHED ((struct kept_limit){.lowest = UINT64_MAX, .told = UINT64_MAX})

/* What was found here, or heard of from another than the keeper. */
static inline void kept_limit_learn(struct kept_limit *limit, uint64_t found) {
  limit->lowest = found < limit->lowest ? found : limit->lowest;
}

/* What the keeper has, or had before it heard of ours. */
static inline void kept_limit_hear(struct kept_limit *limit, uint64_t kept) {
  kept_limit_learn(limit, kept);
  limit->told = kept < limit->told ? kept : limit->told;
}

/* Whether the keeper must still be told. */
static inline bool kept_limit_is_news(const struct kept_limit *limit) {
  return limit->lowest < limit->told;
}

/* What goes out to the keeper now. */
static inline uint64_t kept_limit_tell(struct kept_limit *limit) {
  limit->told = limit->lowest;
  return limit->lowest;
}
