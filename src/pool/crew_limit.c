/* The early-exit limit within a crew, and between it and other ranks. */
#include "mpi/wait.h"
#include "pool/crew_parts.h"

static void lower_here(struct crew *crew, uint64_t limit) {
  uint64_t known = atomic_load(&crew->limit);
  while (limit < known && !atomic_compare_exchange_weak(&crew->limit, &known, limit)) {
  }
}

void crew_exchange_news(struct crew *crew) {
  uint64_t limit = atomic_load(&crew->limit);
  if (limit < crew->told) {
    crew->told = limit;
    crew->plan.flag_kind->lower(crew->plan.flag, limit);
  }
  wait_look_outside(crew->plan.team);
  uint64_t heard = crew->plan.flag_kind->poll(crew->plan.flag);
  if (heard < crew->told) {
    crew->told = heard;
    lower_here(crew, heard);
  }
}

static void helper_lower(void *flag, uint64_t limit) {
  lower_here(flag, limit);
}

static uint64_t helper_poll(void *flag) {
  return atomic_load_explicit(&((struct crew *)flag)->limit, memory_order_relaxed);
}

static void main_lower(void *flag, uint64_t limit) {
  lower_here(flag, limit);
  crew_exchange_news(flag);
}

static uint64_t main_poll(void *flag) {
  crew_exchange_news(flag);
  return helper_poll(flag);
}

const struct flag_kind crew_helper_flag = {.lower = helper_lower, .poll = helper_poll};
const struct flag_kind crew_main_flag = {.lower = main_lower, .poll = main_poll};
