/* What tasks cost: a distribution of times, as --cost gives it. */
#pragma once

#include <stdint.h>

#include "core/fault.h"

struct cost {
  /* A task's cost in units of `seconds`. */
  double (*relative)(uint64_t seed, uint64_t task, uint64_t tasks);
  double seconds;
};

/* Parse, with T a time (core/number.h), up to COST_LONGEST_SECONDS:
     T              every task costs T
     uniform:T      0.5 T to 1.5 T
     exponential:T  any cost, T on average
     bimodal:T      T, but one task in a hundred 100 T
     increasing:T   from 0 for the first task in equal steps to 2 T for the last
   STATUS_USAGE for anything else; the fault names --cost. */
enum status cost_parse(const char *text, struct cost *cost, struct fault *fault);

enum { COST_LONGEST_SECONDS = 1000000 };

/* The cost in seconds of one task of `tasks`. A pure function of its arguments, and the same bits
   on every machine: ranks on unlike nodes agree on which task is the most expensive. */
double cost_of(const struct cost *cost, uint64_t seed, uint64_t task, uint64_t tasks);
