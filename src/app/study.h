/* Studies: cases measured side by side, in rounds (A B C A B C ...), so that a drifting clock
   touches all alike; each beside its serial baseline, the kernel alone on rank 0. The suite and
   `measure` are studies of one case after the other, `scale` of one case on several numbers of
   ranks, `sweep` of many. */
#pragma once

#include <stdbool.h>

#include "app/case_record.h"
#include "app/plan.h"
#include "app/trial.h"

enum { STUDY_MOST_ROUNDS = 200 };

/* One case of a study. */
struct study_entry {
  const struct planned_case *planned;
  int ranks;                          /* how many of the team do it */
  uint64_t factor;                    /* how much larger than planned, for weak scaling */
  const struct study_entry *baseline; /* whose serial runs it is compared with; NULL: its own */

  /* Filled by study_run. */
  struct team team; /* its ranks */
  struct trial trial;
  bool open;
  double *parallel, *serial; /* seconds of each round; serial NULL with another's baseline */
  double *skews;             /* seconds from the first rank's start to the last one's, by round */
  struct tally alone;
  struct pool_report *reports; /* of each round */
};

/* When to stop repeating. */
struct study_rules {
  double relative; /* the half of the 95 % interval over the median that suffices; 0: never */
  double seconds;  /* after which no further round begins */
};

struct study_result {
  size_t rounds;
  bool narrow; /* every interval became as narrow as wanted; else the time was spent */
};

/* Collective over `team`. Open all entries, warm each up by one run, and measure rounds: of each
   entry its baseline, if it has one of its own, and one run. Entries with more ranks than the team
   has are a fault. On success the entries are left open for study_record; always call study_close.
 */
enum status study_run(struct team *team, struct study_entry *entries, size_t count,
                      const struct study_rules *rules, struct study_result *result,
                      struct fault *fault);

/* Rank 0: the round of an entry in which its time, over the baseline's of that round, was the
   median (the lower of two): what tells how the entry's time was spent. */
size_t study_typical_round(const struct study_entry *entry, const struct study_result *result);

/* Collective: the team's ranks that did the entry. Its answer, its check and its record (rank 0).
 */
enum status study_record(const struct study_entry *entry, const struct study_result *result,
                         struct outcome *outcome, bool *right, json_t **record,
                         struct fault *fault);

void study_close(struct study_entry *entries, size_t count);
