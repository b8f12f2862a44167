/* For kinds whose limit lies in one place that all ranks ask and tell: what a rank knows of it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct told_limit {
  uint64_t known; /* the lowest known here */
  uint64_t told;  /* the lowest that the place holds, or will by what is in flight */
};

static const struct told_limit TOLD_NOTHING = {UINT64_MAX, UINT64_MAX};

/* From this rank's work or from elsewhere: the place may not hold it. */
static inline void told_limit_learn(struct told_limit *limit, uint64_t lower) {
  limit->known = lower < limit->known ? lower : limit->known;
}

/* From the place itself. */
static inline void told_limit_hear(struct told_limit *limit, uint64_t held) {
  told_limit_learn(limit, held);
  limit->told = held < limit->told ? held : limit->told;
}

/* Whether the place must still be told. */
static inline bool told_limit_is_news(const struct told_limit *limit) {
  return limit->known < limit->told;
}
