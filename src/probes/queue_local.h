/* The job queue of a rank that is alone. */
#pragma once

#include "probes/queue_link.h"

/* What queue_run() does when there is one rank: jobs and the end marker go through a bounded queue
   in memory. */
enum status queue_run_local(const struct queue_jobs *jobs, const struct queue_numbers *numbers,
                            const struct team *team, struct queue_report *report,
                            struct fault *fault);
