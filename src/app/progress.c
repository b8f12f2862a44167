#include "app/progress.h"

#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/number.h"

/* Short jobs show nothing; the eye needs no more than a few looks a second. */
static const double FIRST_LINE = 1;
static const double LINE_INTERVAL = 0.2;
static const double FIRST_PLAIN = 2;

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING_SIGNALS = sizeof ending_signals / sizeof ending_signals[0] };
static const char wipe[] = "\r\033[K";

/* mpirun gives ranks a pipe for stderr, and shows what comes through it on its own: that one
   counts, where the launcher runs on this host. */
static bool launcher_has_terminal(void) {
  char path[64];
  char name[32] = "";
  char target[64] = "";
  snprintf(path, sizeof path, "/proc/%d/comm", (int)getppid());
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return false;
  }
  bool known = fgets(name, sizeof name, file) != NULL;
  fclose(file);
  name[strcspn(name, "\n")] = '\0';
  known = known && (strcmp(name, "mpirun") == 0 || strcmp(name, "mpiexec") == 0 ||
                    strcmp(name, "orterun") == 0 || strcmp(name, "prterun") == 0);
  snprintf(path, sizeof path, "/proc/%d/fd/2", (int)getppid());
  if (!known || readlink(path, target, sizeof target - 1) < 0) {
    return false;
  }
  return strncmp(target, "/dev/pts/", 9) == 0 || strncmp(target, "/dev/tty", 8) == 0 ||
         strcmp(target, "/dev/console") == 0;
}

enum progress_manner progress_manner(const char *mode) {
  bool terminal = isatty(STDERR_FILENO) || launcher_has_terminal();
  if (strcmp(mode, "never") == 0) {
    return PROGRESS_SILENT;
  }
  return terminal ? PROGRESS_LINE : strcmp(mode, "always") == 0 ? PROGRESS_PLAIN : PROGRESS_SILENT;
}

static void wipe_and_end(int number) {
  ssize_t written = write(STDERR_FILENO, wipe, sizeof wipe - 1);
  (void)written;
  signal(number, SIG_DFL);
  raise(number);
}

/* Only signals that nobody else has taken in hand. */
static void guard_signals(bool on) {
  for (int i = 0; i < ENDING_SIGNALS; i++) {
    struct sigaction now;
    if (sigaction(ending_signals[i], NULL, &now) == 0 &&
        now.sa_handler == (on ? SIG_DFL : wipe_and_end)) {
      signal(ending_signals[i], on ? wipe_and_end : SIG_DFL);
    }
  }
}

void progress_open(struct progress *progress, enum progress_manner manner, FILE *out,
                   const char *title) {
  double now = clock_seconds();
  *progress = (struct progress){.manner = manner,
                                .out = out,
                                .title = title,
                                .start = now,
                                .next = manner == PROGRESS_SILENT ? INFINITY
                                        : manner == PROGRESS_LINE ? now + FIRST_LINE
                                                                  : now + FIRST_PLAIN};
  if (manner == PROGRESS_LINE) {
    guard_signals(true);
  }
}

static void print_line(struct progress *progress, double share, const char *left) {
  enum { BAR = 20 };
  char bar[BAR + 1];
  int full = (int)(share * BAR);
  for (int i = 0; i < BAR; i++) {
    bar[i] = i < full ? '#' : '.';
  }
  bar[BAR] = '\0';
  fprintf(progress->out, "%s%.36s [%s] %3.0f %%, %s left", wipe, progress->title, bar, 100 * share,
          left);
  progress->shown = true;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total, double now) {
  if (now < progress->next || total == 0) {
    return;
  }
  double elapsed = now - progress->start;
  double share = fmin(1, (double)done / (double)total);
  char left[NUMBER_TEXT] = "?";
  if (share > 0) {
    number_time_text(elapsed * (1 - share) / share, left);
  }
  if (progress->manner == PROGRESS_LINE) {
    print_line(progress, share, left);
    progress->next = now + LINE_INTERVAL;
  } else {
    fprintf(progress->out, "%s: %.0f %%, %s left\n", progress->title, 100 * share, left);
    progress->next = progress->start + 2 * fmax(elapsed, FIRST_PLAIN);
  }
  fflush(progress->out);
}

void progress_close(struct progress *progress) {
  if (progress->shown) {
    fputs(wipe, progress->out);
    fflush(progress->out);
  }
  if (progress->manner == PROGRESS_LINE) {
    guard_signals(false);
  }
  progress->manner = PROGRESS_SILENT;
  progress->next = INFINITY;
}
