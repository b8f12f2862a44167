/* Studies: cases measured side by side, in rounds (A B C A B C ...), so that a drifting clock
   touches all alike; each beside its serial baseline, the kernel alone on rank 0. The suite and
   `measure` are studies of one case after the other, `scale` of one case on several numbers of
   ranks, `sweep` of many. What differs between workloads and probes is in app/study_kind.h. */
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
  size_t group;                       /* entries of the same one are measured in the same rounds */
  const struct study_entry *baseline; /* whose serial runs it is compared with; NULL: its own */

  /* Filled by study_run. */
  const struct study_kind *kind;
  struct team team; /* its ranks */
  bool open;
  bool runs_alone;            /* it has serial runs of its own */
  double *parallel, *serial;  /* seconds of each round; of its own serial runs */
  struct pool_alone *alones;  /* more of those */
  struct pool_alone *at_once; /* of each round, where the kernel ran alone on all its ranks at once;
                                 else NULL */
  struct outcome outcome;     /* what it came to; rank 0 */
  size_t measured;            /* rounds that it has been measured in; rank 0 */
  struct pool_report *reports; /* of each round; of a probe what it tells of that */

  /* A workload's. */
  struct trial trial;
  struct tally alone;  /* of the last run alone; rank 0 */
  struct tally warm;   /* of the warm-up, which `outcome` is of; rank 0 */
  struct trial single; /* where the job was enlarged: as it is on one rank, for runs at once */
  struct tally own;    /* this rank's of the last run at once */

  /* A probe's. */
  struct team alone_team; /* rank 0 by itself, while the probe runs alone; else empty */
  struct outcome alone_outcome;
  bool right;            /* the check of every run said so */
  double memory_speedup; /* what memory allows its ranks, over one rank alone; 0: not measured */
};

/* When to stop repeating. */
struct study_rules {
  double relative; /* the half of the 95 % interval over the median that suffices; 0: never */
  double seconds;  /* after which no further round begins */
  bool bounds;     /* find what the cores allow (app/study_bound.h), in each round */
};

struct study_result {
  size_t rounds;
  bool narrow; /* every interval became as narrow as wanted; else the time was spent */
};

/* How far study_run is. Times are of clock_seconds(). */
struct study_pace {
  size_t count;       /* entries */
  size_t at;          /* the one that is opened or measured; `count`: all are, in this round */
  double part;        /* how much of its warm-up is done, 0 ... 1 */
  size_t rounds;      /* complete */
  double opened;      /* when the first entry was begun with */
  double began;       /* when the first round began; 0: entries are still being opened */
  double round_began; /* the present one */
  double next_round;  /* seconds one is expected to take: the shorter of the last two, since one may
                         have been disturbed; 0: there was none */
};

/* Who looks on, on rank 0. */
struct study_watch {
  /* Called between runs, never in a timed one, and now and then in a warm-up. */
  void (*look)(void *data, const struct study_pace *pace);
  void *data;
};

/* Collective over `team`. Open all entries, warm each up by one run, and measure rounds: of each
   entry its baseline, if it has one of its own, and one run. Entries with more ranks than the team
   has are a fault. `watch` counts on rank 0; NULL: nobody looks on. On success the entries are left
   open for study_record; always call study_close.
 */
enum status study_run(struct team *team, struct study_entry *entries, size_t count,
                      const struct study_rules *rules, const struct study_watch *watch,
                      struct study_result *result, struct fault *fault);

/* Rank 0: the serial seconds of each round that an entry is compared with; NULL: there are none. */
const double *study_serial(const struct study_entry *entry);

/* Rank 0: the round of an entry in which its time, over the baseline's of that round if it has one,
   was the median (the lower of two): what tells how the entry's time was spent. */
size_t study_typical_round(const struct study_entry *entry, const struct study_result *result);

/* Collective: the team's ranks that did the entry. Its answer, its check and its record (rank 0).
 */
enum status study_record(struct study_entry *entry, const struct study_result *result,
                         struct outcome *outcome, bool *right, json_t **record,
                         struct fault *fault);

/* Rank 0, between runs; not collective: the record with the first `rounds` that the entry has been
   measured in, one at least. It is checked, as the warm-up was. stopped: "interrupted" or "failed",
   what ended the study. */
json_t *study_record_so_far(const struct study_entry *entry, size_t rounds, const char *stopped);

void study_close(struct study_entry *entries, size_t count);
