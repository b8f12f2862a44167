/* How far a long job is, and when it will be done: on stderr, from rank 0. On a terminal one line
   that is written over and wiped at the end; elsewhere, when it is asked for, a few plain lines. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum progress_manner {
  PROGRESS_SILENT,
  PROGRESS_LINE,  /* on a terminal: written over */
  PROGRESS_PLAIN, /* lines: after 2 s, 4 s, 8 s ... */
};

struct progress {
  enum progress_manner manner;
  FILE *out;
  const char *title;
  double start;    /* clock_seconds() */
  double interval; /* seconds between two states of the line; progress_open sets 0.2 */
  double next;     /* when to show the next one */
  bool shown;      /* a line stands on the terminal */
  bool on_stdout;  /* which is stdout's too */
};

/* What --progress ("auto", "always", "never") comes to here: auto is a line when stderr is a
   terminal, be it the launcher's, and silence elsewhere. */
enum progress_manner progress_manner(const char *mode);

/* Rank 0. Begin with a job; title is kept. Until progress_close a signal that ends the program
   wipes the line first. */
void progress_open(struct progress *progress, enum progress_manner manner, FILE *out,
                   const char *title);

/* Rank 0, as often as one likes: `done` of `total` items are handed out at clock_seconds() `now`.
   Mostly returns at once. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total, double now);

/* The same in two steps, for those who know themselves how much is left: whether it is time to say
   something, and saying "TITLE: SHARE, REST". */
bool progress_is_due(const struct progress *progress, double now);
void progress_say(struct progress *progress, double share, const char *rest, double now);

/* Rank 0. Wipe the line, to print something else; it may come again. */
void progress_wipe(struct progress *progress);

/* Rank 0. Wipe the line, for good. */
void progress_close(struct progress *progress);
