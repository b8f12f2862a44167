#include "app/ending.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

const char ending_wipe[] = "\r\033[K";

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING_SIGNALS = sizeof ending_signals / sizeof ending_signals[0] };
static const char told[] =
    "parbench: interrupted: the results end with what was measured until then\n";

/* Open MPI's launcher sends TERM and reads nothing for a second; but as soon as any rank dies it
   kills the others. So the other ranks outlive that second, and rank 0 dies when it has written. A
   launcher that does read has until_read for it. */
static const struct timespec after_others = {.tv_sec = 2};
static const struct timespec until_read = {.tv_nsec = 50000000};

static int guards;
static atomic_bool lingers;
static atomic_int wipes; /* an enum ending_line */
static _Atomic(struct ending *) prepared;
static atomic_flag under_way = ATOMIC_FLAG_INIT;

/* From here to end_at_once: only what a signal's handler may call. */
static bool put(int descriptor, const char *text, size_t size) {
  while (size > 0) {
    ssize_t written = write(descriptor, text, size);
    if (written <= 0) {
      return false;
    }
    text += written;
    size -= (size_t)written;
  }
  return true;
}

static void put_file(const struct ending_text *text) {
  const char *path = text->temporary == NULL ? text->path : text->temporary;
  int flags = O_WRONLY | O_CLOEXEC | (text->temporary == NULL ? O_NONBLOCK : O_CREAT | O_TRUNC);
  int descriptor = open(path, flags, 0666);
  if (descriptor < 0) {
    return;
  }
  bool whole = put(descriptor, text->text, text->size);
  whole = close(descriptor) == 0 && whole;
  if (text->temporary != NULL && whole) {
    rename(text->temporary, text->path);
  } else if (text->temporary != NULL) { /* no room: the old file is worth more than a part */
    unlink(text->temporary);
  }
}

/* What is told comes behind the table, on the same stream where that keeps the order. */
static void put_all(const struct ending *ending, enum ending_line line) {
  int tells = STDERR_FILENO;
  for (size_t i = 0; i < ending->count; i++) {
    const struct ending_text *text = &ending->texts[i];
    if (text->text != NULL && text->descriptor >= 0) {
      if (line == ENDING_LINE_OF_STDOUT && text->descriptor == STDOUT_FILENO) {
        put(STDOUT_FILENO, ending_wipe, sizeof ending_wipe - 1);
        tells = STDOUT_FILENO;
      }
      put(text->descriptor, text->text, text->size);
    } else if (text->text != NULL) {
      put_file(text);
    }
  }
  put(tells, told, sizeof told - 1);
}

static void end_at_once(int number) {
  if (atomic_flag_test_and_set(&under_way)) {
    return; /* another thread is at it */
  }
  enum ending_line line = (enum ending_line)atomic_load(&wipes);
  if (line != ENDING_NO_LINE) {
    put(STDERR_FILENO, ending_wipe, sizeof ending_wipe - 1);
  }
  const struct ending *ending = atomic_exchange(&prepared, NULL);
  if (ending != NULL) {
    put_all(ending, line);
    nanosleep(&until_read, NULL);
  } else if (atomic_load(&lingers)) {
    nanosleep(&after_others, NULL);
  }
  signal(number, SIG_DFL);
  raise(number);
}

/* None of them interrupts another's handler: a launcher sends TERM after the terminal's INT. */
static void install(bool on) {
  struct sigaction here = {.sa_handler = end_at_once, .sa_flags = SA_RESTART};
  const struct sigaction gone = {.sa_handler = SIG_DFL};
  sigemptyset(&here.sa_mask);
  for (int i = 0; i < ENDING_SIGNALS; i++) {
    sigaddset(&here.sa_mask, ending_signals[i]);
  }
  for (int i = 0; i < ENDING_SIGNALS; i++) {
    struct sigaction now;
    if (sigaction(ending_signals[i], NULL, &now) == 0 &&
        now.sa_handler == (on ? SIG_DFL : end_at_once)) {
      sigaction(ending_signals[i], on ? &here : &gone, NULL);
    }
  }
}

void ending_guard(bool on) {
  int before = guards;
  guards += on ? 1 : -1;
  if ((before > 0) != (guards > 0)) {
    install(on);
  }
}

void ending_linger(bool on) {
  atomic_store(&lingers, on);
  ending_guard(on);
}

void ending_wipes(enum ending_line line) {
  atomic_store(&wipes, line);
}

void ending_leave(struct ending *ending) {
  struct ending *old = atomic_exchange(&prepared, ending);
  for (size_t i = 0; old != NULL && i < old->count; i++) {
    free(old->texts[i].text);
  }
  free(old);
}
