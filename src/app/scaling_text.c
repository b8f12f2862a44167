/* The diagnosis in words: what scaling_losses_of found, and nothing else. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "app/scaling.h"

/* Less than this share of the time is not worth a word of its own. */
static const double NOTABLE = 0.01;
/* A clock that falls by less than this is drift. */
static const double CLOCK_DRIFT = 1.03;
/* More draws than this wait for one another: a draw that several cores want takes a tenth of a
   microsecond, and several when they are many. */
static const double CONTENDED_DRAWS = 1e6;

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

/* What an item's cost is measured by. */
static const char *cost_name(const struct scaling *scaling) {
  return scaling_counts_core(scaling) ? "processor time" : "time";
}

static void say_handing_out(struct paragraph *paragraph, const struct scaling *scaling,
                            const struct scaling_losses *losses) {
  say(paragraph, "handing out, in the pool: one worker already takes %.2f times the kernel's %s",
      losses->cost_in_pool, cost_name(scaling));
}

static void say_other_work(struct paragraph *paragraph, const struct scaling_losses *losses) {
  if (losses->share[LOSS_OTHER_WORK] < 0) {
    say(paragraph, "less work than alone, %.2f times its items: the find came sooner",
        losses->items_over_alone);
  } else {
    say(paragraph,
        "work done in vain: %.2f times the items that the kernel does alone until its find, "
        "%.0f %% of them after the find",
        losses->items_over_alone, 100 * losses->wasted_share);
  }
}

/* Why the same work takes more processor time on many cores than on one. */
static void say_cause(struct paragraph *paragraph, const struct scaling *scaling,
                      const struct scaling_point *point, const struct scaling_losses *losses) {
  static const char others[] = "memory-bound, or sharing caches or a core";
  double drop = scaling->clock_drop;
  if (isnan(drop)) {
    return;
  }
  if (point->cost_at_once - 1 < (losses->cost_over_pool - 1) / 2) {
    say(paragraph, ", as the kernel alone does not on all cores at once: the pool, or chance");
    return;
  }
  if (!(drop > CLOCK_DRIFT)) {
    say(paragraph, ", with no drop of the clock - %s", others);
    return;
  }
  say(paragraph, " - clock drop: cores that are all busy run %.0f %% slower here",
      100 * (1 - 1 / drop));
  if (losses->cost_over_pool > drop * (1 + NOTABLE) * CLOCK_DRIFT) {
    say(paragraph, "; that is not all of it - %s", others);
  }
}

static void say_dearer(struct paragraph *paragraph, const struct scaling *scaling,
                       const struct scaling_point *point, const struct scaling_losses *losses) {
  bool same = scaling_same_work(losses);
  bool more = losses->share[LOSS_DEARER] > 0;
  const char *work = same ? "the same work took" : "an item took";
  const char *than = isnan(losses->cost_in_pool) || losses->share[LOSS_HANDING_OUT] < NOTABLE
                         ? "alone"
                         : "on one worker";
  say(paragraph, "%s %s %s than %s", work, more ? "more" : "less", cost_name(scaling), than);
  if (more && losses->draws_per_second > CONTENDED_DRAWS) {
    say(paragraph, ", with %.1f million draws a second that workers contend for",
        losses->draws_per_second / 1e6);
  } else if (!scaling->tells_core) {
    return; /* it may be anything, a neighbour too */
  } else if (more && same) {
    say_cause(paragraph, scaling, point, losses);
  } else if (same) {
    say(paragraph, ": caches, or a clock that rose");
  }
}

static void say_loss(struct paragraph *paragraph, const struct scaling *scaling,
                     const struct scaling_point *point, const struct scaling_losses *losses,
                     enum scaling_loss loss) {
  switch (loss) {
  case LOSS_HANDING_OUT:
    say_handing_out(paragraph, scaling, losses);
    break;
  case LOSS_OTHER_WORK:
    say_other_work(paragraph, losses);
    break;
  case LOSS_DEARER:
    say_dearer(paragraph, scaling, point, losses);
    break;
  case LOSS_IMBALANCE:
    say(paragraph, "imbalanced, the last worker had %.2f times the mean", losses->last_over_mean);
    break;
  case LOSS_WAITING:
    say(paragraph, "waiting for dispatch");
    break;
  case LOSS_LOOKS:
    say(paragraph, "looks for news and requests between slices");
    break;
  case LOSS_TAKEN:
    say(paragraph, "others had the cores meanwhile");
    break;
  case LOSS_ENDS:
    say(paragraph, "the serial part, starting and adding up");
    break;
  default:
    say(paragraph, "others had the core while the kernel ran alone, which flatters");
  }
}

/* Those too small for a word of their own, together. */
static double rest_of(const struct scaling_losses *losses) {
  double rest = 0;
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    rest += fabs(losses->share[i]) < NOTABLE ? losses->share[i] : 0;
  }
  return rest;
}

/* Losses (sign 1) or gains (-1), each with its share; the empty text when there are none. */
static void say_list(struct paragraph *paragraph, const struct scaling *scaling,
                     const struct scaling_point *point, const struct scaling_losses *losses,
                     int sign, const char *opening) {
  const char *separator = opening;
  double rest = sign * rest_of(losses);
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    double share = sign * losses->share[i];
    if (share >= NOTABLE) {
      say(paragraph, "%s %.1f %%: ", separator, 100 * share);
      say_loss(paragraph, scaling, point, losses, (enum scaling_loss)i);
      separator = ";";
    }
  }
  if (rest >= NOTABLE / 20) { /* it would be printed as 0.1 % */
    say(paragraph, "%s %.1f %%: the rest", separator, 100 * rest);
    separator = ";";
  }
  if (separator != opening) {
    say(paragraph, ".");
  }
}

static bool is_nothing(const struct scaling_losses *losses) {
  for (size_t i = 0; i < SCALING_LOSSES; i++) {
    if (fabs(losses->share[i]) >= NOTABLE) {
      return false;
    }
  }
  return fabs(rest_of(losses)) < NOTABLE;
}

static void say_losses(struct paragraph *paragraph, const struct scaling *scaling,
                       const struct scaling_point *point) {
  struct scaling_losses losses = scaling_losses_of(scaling, point);
  double efficiency = scaling_speedup(scaling, point) / point->workers;
  bool typical = fabs(efficiency - losses.efficiency) < 0.005;
  char run[64] = "a typical run";
  if (!typical) {
    snprintf(run, sizeof run, "a typical run, whose efficiency is %.2f", losses.efficiency);
  }
  say(paragraph, "On %d worker%s%s the efficiency is %.2f.", point->workers,
      point->workers == 1 ? "" : "s",
      point->workers == 1 || !scaling->needs_core ? "" : " with a core each", efficiency);
  if (is_nothing(&losses)) {
    if (typical) {
      say(paragraph, " Nothing worth a word holds it back.");
    } else {
      say(paragraph, " In %s, nothing worth a word is lost.", run);
    }
    return;
  }
  char opening[128];
  bool gains = losses.efficiency >= 1;
  snprintf(opening, sizeof opening, " %s in %s:", gains ? "Gained" : "Lost", run);
  say_list(paragraph, scaling, point, &losses, gains ? -1 : 1, opening);
  say_list(paragraph, scaling, point, &losses, gains ? 1 : -1,
           gains ? " Set against that:" : " Gained in return:");
}

static void say_cores(struct paragraph *paragraph, const struct scaling *scaling,
                      const struct scaling_point *point) {
  if (point->core_speedup > 0) {
    say(paragraph,
        " The kernel alone, on all of them at once, gets %.2f times what one gets by itself; the "
        "speedup reaches %.2f of that.",
        point->core_speedup, scaling_speedup(scaling, point) / point->core_speedup);
  }
}

/* Of a job that moves memory rather than computes. */
static void say_memory(struct paragraph *paragraph, const struct scaling *scaling,
                       const struct scaling_point *point) {
  static const double SHORT_OF_WORKERS = 0.9;
  double bound = point->memory_speedup;
  if (!(bound > 0) || point->workers == 1) {
    return;
  }
  say(paragraph, " Memory gives all of them %.2f times what it gives one", bound);
  if (bound < SHORT_OF_WORKERS * point->workers) {
    say(paragraph, ": memory-bound, the speedup reaches %.2f of that.",
        scaling_speedup(scaling, point) / bound);
  } else {
    say(paragraph, ", and is not what bounds it.");
  }
}

/* A speedup above the number of cores is no wonder where less was done, or the baseline disturbed.
 */
static void say_oversubscribed(struct paragraph *paragraph, const struct scaling *scaling,
                               const struct scaling_point *point) {
  double share = scaling_speedup(scaling, point) / point->ideal;
  say(paragraph, "%sBeyond %d workers it is oversubscribed: %d share %d cores",
      paragraph->used > 0 ? " " : "", point->cores, point->workers, point->cores);
  if (share <= 1) {
    say(paragraph, ", whose speedup cannot exceed %d, and reach %.2f of that.", point->cores,
        share);
  } else {
    say(paragraph, " and reach %.2f times their number: less work than alone, or a slow baseline.",
        share);
  }
}

void scaling_diagnose(const struct scaling *scaling, char *text, size_t size) {
  struct paragraph paragraph = {text, size, 0};
  const struct scaling_point *largest = scaling_largest(scaling);
  const struct scaling_point *oversubscribed = scaling_oversubscribed(scaling);
  text[0] = '\0';
  if (largest != NULL) {
    say_losses(&paragraph, scaling, largest);
    say_cores(&paragraph, scaling, largest);
    say_memory(&paragraph, scaling, largest);
  }
  if (oversubscribed != NULL) {
    say_oversubscribed(&paragraph, scaling, oversubscribed);
  }
}
