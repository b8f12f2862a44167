/* Timing a case: serial baseline and parallel runs, alternated so that a drifting clock cancels. */
#pragma once

#include "app/case_record.h"
#include "app/trial.h"

enum { MEASURE_MAX_ROUNDS = 31 };

/* Seconds for one of `cases` cases of the suite. */
double measure_budget(size_t cases);

/* Collective. A warm-up run, then rounds of one serial and one parallel run until the next round
   would not fit in `seconds` or MEASURE_MAX_ROUNDS are done; at least one. timings' arrays have
   room for MEASURE_MAX_ROUNDS. The report is the last run's. A parallel tally that differs from the
   serial one is a fault: the answer must not depend on the ranks. */
enum status measure(struct trial *trial, double seconds, struct pool_report *report,
                    struct timings *timings, struct fault *fault);
