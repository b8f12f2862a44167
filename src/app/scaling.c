#include "app/scaling.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Less than this share of the time is not worth a word. */
static const double NOTABLE = 0.01;
/* A clock that falls by less than this is drift. */
static const double CLOCK_DRIFT = 1.03;

double scaling_speedup(const struct scaling *scaling, const struct scaling_point *point) {
  return point->factor * scaling->serial / point->median;
}

static bool has_cores(const struct scaling_point *point) {
  return point->workers <= point->cores;
}

struct scaling_losses scaling_losses_of(const struct scaling_point *point) {
  double ideal = point->factor * point->serial / point->workers;
  double whole = point->seconds;
  struct scaling_losses losses = {
      .efficiency = ideal / whole,
      .dearer = (point->busy_mean - ideal) / whole,
      .imbalance = (point->busy_max - point->busy_mean) / whole,
      .waiting = fmin(point->waited_mean, whole - point->busy_max) / whole,
  };
  double rest = (whole - point->busy_max) / whole - losses.waiting;
  losses.taken = fmin(point->yielded_mean / whole, rest);
  losses.ends = rest - losses.taken;
  return losses;
}

struct fit scaling_fit(const struct scaling *scaling, size_t index) {
  double workers[SCALING_MOST];
  double speedups[SCALING_MOST];
  size_t count = 0;
  for (size_t i = 0; i < scaling->count; i++) {
    if (has_cores(&scaling->points[i])) {
      workers[count] = scaling->points[i].workers;
      speedups[count++] = scaling_speedup(scaling, &scaling->points[i]);
    }
  }
  enum fit_law law = index == 1 ? FIT_UNIVERSAL : scaling->weak ? FIT_GUSTAFSON : FIT_AMDAHL;
  return fit_scaling(law, workers, speedups, count);
}

/* The most workers that have a core each; NULL when none have. */
static const struct scaling_point *largest_with_cores(const struct scaling *scaling) {
  const struct scaling_point *largest = NULL;
  for (size_t i = 0; i < scaling->count; i++) {
    if (has_cores(&scaling->points[i])) {
      largest = &scaling->points[i];
    }
  }
  return largest;
}

struct paragraph {
  char *text;
  size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void say(struct paragraph *paragraph,
                                                      const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (paragraph->used < paragraph->size) {
    int length = vsnprintf(paragraph->text + paragraph->used, paragraph->size - paragraph->used,
                           format, arguments);
    paragraph->used += length > 0 ? (size_t)length : 0;
  }
  va_end(arguments);
}

static void say_dearer(struct paragraph *paragraph, const struct scaling *scaling, double share) {
  say(paragraph, " %.1f %%: the same work took more processor time than alone", 100 * share);
  if (isnan(scaling->clock_drop)) {
    say(paragraph, ";");
  } else if (scaling->clock_drop > CLOCK_DRIFT) {
    say(paragraph, " - clock drop: cores that are all busy run %.0f %% slower here;",
        100 * (1 - 1 / scaling->clock_drop));
  } else {
    say(paragraph, ", with no drop of the clock - memory-bound, or sharing caches or a core;");
  }
}

static void say_losses(struct paragraph *paragraph, const struct scaling *scaling,
                       const struct scaling_point *point) {
  struct scaling_losses losses = scaling_losses_of(point);
  say(paragraph, "On %d worker%s with a core each the efficiency is %.2f.", point->workers,
      point->workers == 1 ? "" : "s", scaling_speedup(scaling, point) / point->workers);
  if (fmax(losses.dearer, losses.imbalance) < NOTABLE &&
      fmax(losses.waiting, fmax(losses.taken, losses.ends)) < NOTABLE) {
    say(paragraph, " Nothing worth a word holds it back.");
    return;
  }
  say(paragraph, " Lost in a typical run:");
  if (losses.dearer >= NOTABLE) {
    say_dearer(paragraph, scaling, losses.dearer);
  }
  if (losses.imbalance >= NOTABLE) {
    say(paragraph, " %.1f %%: imbalanced, the busiest worker had %.2f times the mean;",
        100 * losses.imbalance, point->busy_max / point->busy_mean);
  }
  if (losses.waiting >= NOTABLE) {
    say(paragraph, " %.1f %%: waiting for dispatch;", 100 * losses.waiting);
  }
  if (losses.taken >= NOTABLE) {
    say(paragraph, " %.1f %%: others had the cores meanwhile;", 100 * losses.taken);
  }
  if (losses.ends >= NOTABLE) {
    say(paragraph, " %.1f %%: the serial part, starting and adding up;", 100 * losses.ends);
  }
  if (paragraph->used > 0 && paragraph->used < paragraph->size) {
    char *last = &paragraph->text[paragraph->used - 1];
    *last = *last == ';' || *last == ':' ? '.' : *last;
  }
}

void scaling_diagnose(const struct scaling *scaling, char *text, size_t size) {
  struct paragraph paragraph = {text, size, 0};
  const struct scaling_point *last = &scaling->points[scaling->count - 1];
  const struct scaling_point *largest = largest_with_cores(scaling);
  text[0] = '\0';
  if (largest != NULL) {
    say_losses(&paragraph, scaling, largest);
  }
  if (!has_cores(last)) {
    double share = scaling_speedup(scaling, last) / last->cores;
    say(&paragraph,
        "%sBeyond %d workers it is oversubscribed: %d share %d cores, whose speedup cannot "
        "exceed %d, and reach %.2f of that.",
        paragraph.used > 0 ? " " : "", last->cores, last->workers, last->cores, last->cores, share);
  }
}
