/* What bounds a scaled case, whoever hands out its work: the cores, their clock, their memory. Of
   entries that are open (study_run). */
#pragma once

#include "app/study.h"

/* Collective over `team`. Make ready for runs at once (study_entry.at_once) of the entry with the
   most ranks, two at least, that have a core each and one worker; of none where no core is needed
   or it cannot be told. All get the same status. */
enum status study_bound_open(struct team *team, struct study_entry *entries, size_t count,
                             struct fault *fault);

/* Rank 0: how many times as much of the job the entry's cores do by the kernel alone, on all of
   them at once, as one does by itself: the medians of the first `rounds`. 0: not measured. */
double study_bound_cores(const struct study_entry *entry, size_t rounds);

/* Rank 0: the seconds of such runs in the first `rounds`, into seconds[rounds]; false: there were
   none. */
bool study_bound_seconds(const struct study_entry *entry, size_t rounds, double *seconds);

/* Collective. How much longer a core takes when all have work (census_clock_drop), on the ranks of
   that entry; the others sleep meanwhile. Known on rank 0; NAN: there is none. */
double study_bound_clock_drop(struct team *team, const struct study_entry *entries, size_t count);

/* Collective. What memory gives the ranks of each entry over what it gives rank 0 alone, into its
   memory_speedup; the others sleep. */
void study_bound_memory(struct team *team, struct study_entry *entries, size_t count);
