/* How much memory there is: asked before much is taken, since a page that cannot be had later does
   not fail but kills the process. */
#pragma once

#include <stdint.h>

#include "core/fault.h"

/* Bytes that may still be taken on this host: what the kernel holds to be available, or less where
   a control group (a container, a SLURM job) limits it; UINT64_MAX where nothing is known. */
uint64_t memory_available(void);

/* All of this host's memory in bytes, 0 where it is not known. `root` stands before /proc: "", or a
   folder for tests. */
uint64_t memory_total(const char *root);

/* STATUS_FAILED when `bytes` are more than that; `what` begins the sentence: "the data". */
enum status memory_check(uint64_t bytes, const char *what, struct fault *fault);

/* Bytes of memory that this process holds, its proportional share where processes share pages (so
   that the sum over all of them counts every page once), without pages of files; 0 where the
   kernel does not say. Walks all the pages: some 10 ms a gigabyte. */
uint64_t memory_proportional(void);
