/* What a signal that ends the program (INT, TERM, HUP) leaves behind: a clean line on the terminal,
   and results so far. The launcher gives ranks less than a second, which may all pass in a kernel:
   so the texts are made beforehand, and the signal's handler only writes them. Rank 0, where
   nothing else is said. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One text and where it goes. */
struct ending_text {
  int descriptor;               /* -1: the file */
  const char *temporary, *path; /* as struct output_file has them */
  char *text;                   /* owned, by malloc; NULL: none */
  size_t size;
};

enum { ENDING_TEXTS = 3 };

struct ending {
  struct ending_text texts[ENDING_TEXTS];
  size_t count;
};

extern const char ending_wipe[]; /* takes back what stands on the terminal's line */

/* Be there for the signals, but only for those that nobody else has taken in hand, until as many
   calls with false have come as with true. */
void ending_guard(bool on);

/* Other ranks: outlive rank 0 by a little, so that what it writes is still passed on. */
void ending_linger(bool on);

/* Where a line may stand that has to be wiped. */
enum ending_line {
  ENDING_NO_LINE,
  ENDING_LINE,          /* on stderr's terminal */
  ENDING_LINE_OF_STDOUT /* and stdout is the same one, to which a launcher passes both on in any
                           order */
};

void ending_wipes(enum ending_line line);

/* Takes over `ending`, made by malloc, in place of the one before; NULL: nothing to write. */
void ending_leave(struct ending *ending);
