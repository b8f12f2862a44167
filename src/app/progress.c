#include "app/progress.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/ending.h"
#include "core/clock.h"
#include "core/number.h"

/* Short jobs show nothing; the eye needs no more than a few looks a second. */
static const double FIRST_LINE = 1;
static const double LINE_INTERVAL = 0.2;
static const double FIRST_PLAIN = 2;

/* mpirun gives ranks a pipe for stderr and a terminal of its own for stdout, and shows what comes
   through them on its own: those count, where the launcher runs on this host. */
static bool launcher_is_parent(void) {
  char path[64];
  char name[32] = "";
  snprintf(path, sizeof path, "/proc/%d/comm", (int)getppid());
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return false;
  }
  bool known = fgets(name, sizeof name, file) != NULL;
  fclose(file);
  name[strcspn(name, "\n")] = '\0';
  return known && (strcmp(name, "mpirun") == 0 || strcmp(name, "mpiexec") == 0 ||
                   strcmp(name, "orterun") == 0 || strcmp(name, "prterun") == 0);
}

enum { TERMINAL_NAME = 64 };

/* The terminal that a person sees a stream on; false: there is none. */
static bool find_terminal(int descriptor, char name[TERMINAL_NAME]) {
  char path[64];
  pid_t process = launcher_is_parent() ? getppid() : getpid();
  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)process, descriptor);
  ssize_t length = readlink(path, name, TERMINAL_NAME - 1);
  name[length < 0 ? 0 : length] = '\0';
  return strncmp(name, "/dev/pts/", 9) == 0 || strncmp(name, "/dev/tty", 8) == 0 ||
         strcmp(name, "/dev/console") == 0;
}

static bool streams_share_terminal(void) {
  char of_stdout[TERMINAL_NAME];
  char of_stderr[TERMINAL_NAME];
  return find_terminal(STDOUT_FILENO, of_stdout) && find_terminal(STDERR_FILENO, of_stderr) &&
         strcmp(of_stdout, of_stderr) == 0;
}

enum progress_manner progress_manner(const char *mode) {
  char name[TERMINAL_NAME];
  bool terminal = isatty(STDERR_FILENO) || find_terminal(STDERR_FILENO, name);
  if (strcmp(mode, "never") == 0) {
    return PROGRESS_SILENT;
  }
  return terminal ? PROGRESS_LINE : strcmp(mode, "always") == 0 ? PROGRESS_PLAIN : PROGRESS_SILENT;
}

void progress_open(struct progress *progress, enum progress_manner manner, FILE *out,
                   const char *title) {
  double now = clock_seconds();
  *progress = (struct progress){.manner = manner,
                                .out = out,
                                .title = title,
                                .start = now,
                                .interval = LINE_INTERVAL,
                                .next = manner == PROGRESS_SILENT ? INFINITY
                                        : manner == PROGRESS_LINE ? now + FIRST_LINE
                                                                  : now + FIRST_PLAIN};
  if (manner == PROGRESS_LINE) {
    progress->on_stdout = streams_share_terminal();
    ending_guard(true);
    ending_wipes(progress->on_stdout ? ENDING_LINE_OF_STDOUT : ENDING_LINE);
  }
}

/* The title gives way where the line would be wider than a terminal: what is wrapped cannot be
   wiped. */
static void print_line(struct progress *progress, double share, const char *rest) {
  enum { COLUMNS = 79, BAR = 20, SHORT_BAR = 10, TITLE = 36, AROUND = 12 };
  char bar[BAR + 1];
  char tail[COLUMNS + 1];
  size_t wanted = strnlen(progress->title, TITLE) + strlen(rest) + AROUND;
  int width = wanted + BAR <= COLUMNS ? BAR : SHORT_BAR;
  int full = (int)(share * width);
  for (int i = 0; i < width; i++) {
    bar[i] = i < full ? '#' : '.';
  }
  bar[width] = '\0';
  int taken = snprintf(tail, sizeof tail, " [%s] %3.0f %%, %s", bar, 100 * share, rest);
  int room = taken < COLUMNS ? COLUMNS - taken : 0;
  fprintf(progress->out, "%s%.*s%s", ending_wipe, room < TITLE ? room : TITLE, progress->title,
          tail);
  progress->shown = true;
}

bool progress_is_due(const struct progress *progress, double now) {
  return now >= progress->next;
}

void progress_say(struct progress *progress, double share, const char *rest, double now) {
  if (progress->manner == PROGRESS_LINE) {
    print_line(progress, share, rest);
    progress->next = now + progress->interval;
  } else {
    fprintf(progress->out, "%s: %.0f %%, %s\n", progress->title, 100 * share, rest);
    progress->next = progress->start + 2 * fmax(now - progress->start, FIRST_PLAIN);
  }
  fflush(progress->out);
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total, double now) {
  if (!progress_is_due(progress, now) || total == 0) {
    return;
  }
  double elapsed = now - progress->start;
  double share = fmin(1, (double)done / (double)total);
  char time[NUMBER_TEXT] = "?";
  char rest[NUMBER_TEXT + 8];
  if (share > 0) {
    number_time_text(elapsed * (1 - share) / share, time);
  }
  snprintf(rest, sizeof rest, "%s left", time);
  progress_say(progress, share, rest, now);
}

void progress_wipe(struct progress *progress) {
  if (progress->shown) {
    fputs(ending_wipe, progress->out);
    fflush(progress->out);
    progress->shown = false;
    if (progress->on_stdout) { /* a launcher may show what is printed next before the other wipe */
      fputs(ending_wipe, stdout);
    }
    if (!isatty(STDERR_FILENO)) { /* nor should the other one wipe that */
      const struct timespec pause = {.tv_nsec = 20000000};
      nanosleep(&pause, NULL);
    }
  }
}

void progress_close(struct progress *progress) {
  progress_wipe(progress);
  if (progress->manner == PROGRESS_LINE) {
    ending_wipes(ENDING_NO_LINE);
    ending_guard(false);
  }
  progress->manner = PROGRESS_SILENT;
  progress->next = INFINITY;
}
