/* Tasks that cost a known time: by sleeping, or by computing. */
#pragma once

#include <stdbool.h>

struct spender {
  bool burn;       /* compute instead of sleeping, for as much processor time */
  double deadline; /* when the last task ended, as it ought to have */
};

/* Before the first of several tasks that follow one another. The calling thread only. */
void spend_start(struct spender *spender, bool burn);

/* The next task. It ends its cost after the end of the one before, as that ought to have been: a
   task that woke up late is followed by a shorter one, and delays do not add up. */
void spend(struct spender *spender, double seconds);

/* After the last one. */
void spend_stop(void);
