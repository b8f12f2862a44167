#include "results/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double significance = 0.05;
/* With three a side not even the most extreme order is rarer than one in ten. */
enum { LEAST_SAMPLES = 4 };

/* How many times the job was done (weak scaling). */
static json_int_t times_enlarged(const struct result_case *result) {
  const json_t *enlarged = json_object_get(result->record, "enlarged");
  return json_is_integer(enlarged) ? json_integer_value(enlarged) : 1;
}

/* Everything that must be equal for two cases to be the same job. */
static bool is_same_job(const struct result_case *a, const struct result_case *b) {
  return a->ranks == b->ranks && times_enlarged(a) == times_enlarged(b) &&
         strcmp(a->workload, b->workload) == 0 &&
         json_equal(json_object_get(a->record, "params"), json_object_get(b->record, "params")) &&
         json_equal(json_object_get(a->record, "options"), json_object_get(b->record, "options"));
}

static struct compared_case *find_partner(struct comparison *comparison,
                                          const struct result_case *b) {
  for (size_t i = 0; i < comparison->count; i++) {
    struct compared_case *compared = &comparison->cases[i];
    if (compared->a != NULL && compared->b == NULL && is_same_job(compared->a, b)) {
      return compared;
    }
  }
  return NULL;
}

static enum status match(struct comparison *comparison, struct fault *fault) {
  const struct document *a = comparison->a;
  const struct document *b = comparison->b;
  comparison->cases = calloc(a->count + b->count, sizeof *comparison->cases);
  if (comparison->cases == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  for (size_t i = 0; i < a->count; i++) {
    comparison->cases[comparison->count++] =
        (struct compared_case){.a = &a->cases[i], .ranks = a->cases[i].ranks};
  }
  for (size_t i = 0; i < b->count; i++) {
    struct compared_case *partner = find_partner(comparison, &b->cases[i]);
    if (partner == NULL) {
      partner = &comparison->cases[comparison->count++];
      partner->ranks = b->cases[i].ranks;
    }
    partner->b = &b->cases[i];
  }
  return STATUS_OK;
}

static enum status label(struct comparison *comparison, struct fault *fault) {
  struct case_set set = {0};
  if (case_set_add(&set, comparison->a, fault) == STATUS_OK &&
      case_set_add(&set, comparison->b, fault) == STATUS_OK) {
    for (size_t i = 0; i < comparison->count; i++) {
      struct compared_case *compared = &comparison->cases[i];
      case_label(&set, compared->a != NULL ? compared->a : compared->b, compared->label,
                 sizeof compared->label);
      snprintf(compared->name, sizeof compared->name, "%s on %d rank%s", compared->label,
               compared->ranks, compared->ranks == 1 ? "" : "s");
    }
  }
  case_set_free(&set);
  return fault->status;
}

static bool is_pair(const struct compared_case *compared) {
  return compared->a != NULL && compared->b != NULL;
}

bool has_wrong_answer(const struct result_case *result) {
  const char *check = json_string_value(json_object_get(result->record, "check"));
  return check != NULL && strcmp(check, "failed") == 0;
}

static struct group parallel_group(const struct result_case *result) {
  return (struct group){.over = result->parallel.seconds, .over_count = result->parallel.count};
}

static bool is_tested(const struct compared_case *compared) {
  return compared->verdict > VERDICT_NO_REPEATS;
}

/* Cases of one study that are the same job have one baseline. */
static bool share_baseline(const struct compared_case *one, const struct compared_case *two) {
  const struct samples *a = &one->b->serial;
  const struct samples *b = &two->b->serial;
  return a->count == b->count && memcmp(a->seconds, b->seconds, a->count * sizeof *a->seconds) == 0;
}

/* Of both files, whether the two cases were measured in the same rounds: then they met the same
 * clock.
 */
static bool met_one_clock(const struct compared_case *one, const struct compared_case *two) {
  const struct result_case *const pairs[][2] = {{one->a, two->a}, {one->b, two->b}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    const json_t *first = json_object_get(json_object_get(pairs[i][0]->record, "run"), "group");
    const json_t *second = json_object_get(json_object_get(pairs[i][1]->record, "run"), "group");
    if (first != second && !json_equal(first, second)) {
      return false;
    }
  }
  return true;
}

/* Whether the drift of its baseline tells of the clock something that those of the cases before it
   and of the one in question do not. */
static bool is_witness(const struct comparison *comparison, size_t index, size_t of) {
  const struct compared_case *cases = comparison->cases;
  const struct compared_case *witness = &cases[index];
  if (index == of || !witness->own.known || witness->a->serial.count < LEAST_SAMPLES ||
      witness->b->serial.count < LEAST_SAMPLES || !met_one_clock(witness, &cases[of])) {
    return false;
  }
  for (size_t i = 0; i < comparison->count; i++) {
    if ((i < index || i == of) && cases[i].own.known && share_baseline(&cases[i], witness)) {
      return false;
    }
  }
  return true;
}

static void correct_by_witnesses(struct comparison *comparison, size_t index,
                                 struct ratio *witnesses) {
  struct compared_case *compared = &comparison->cases[index];
  size_t count = 0;
  for (size_t i = 0; i < comparison->count; i++) {
    if (is_witness(comparison, i, index)) {
      witnesses[count++] = comparison->cases[i].own.drift;
    }
  }
  compared->others = correct_by_others(compared->a, compared->b, witnesses, count);
}

static enum status correct(struct comparison *comparison, struct fault *fault) {
  struct ratio *witnesses = malloc(comparison->count * sizeof *witnesses);
  if (witnesses == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  for (size_t i = 0; i < comparison->count; i++) {
    struct compared_case *compared = &comparison->cases[i];
    if (is_tested(compared) && compared->a->serial.count > 0 && compared->b->serial.count > 0) {
      compared->own = correct_by_own(compared->a, compared->b);
    }
  }
  for (size_t i = 0; i < comparison->count; i++) {
    if (is_tested(&comparison->cases[i])) {
      correct_by_witnesses(comparison, i, witnesses);
    }
  }
  free(witnesses);
  return STATUS_OK;
}

/* The bound nearer to 1 of both ratios; 1 where the correction does not confirm the way. */
static double surely(struct ratio ratio, const struct correction *correction, int way) {
  return !correction->known || ratio_side(correction->corrected) != way ? 1
         : way > 0 ? fmin(ratio.low, correction->corrected.low)
                   : fmax(ratio.high, correction->corrected.high);
}

static double half_width(struct ratio ratio) {
  return log(ratio.high / ratio.low) / 2;
}

/* Both the ratio and either of its corrections would have to leave 1 out. */
static double smallest_visible(const struct compared_case *compared) {
  double correction = compared->own.known || compared->others.known ? INFINITY : 0;
  if (compared->own.known) {
    correction = fmin(correction, half_width(compared->own.corrected));
  }
  if (compared->others.known) {
    correction = fmin(correction, half_width(compared->others.corrected));
  }
  return exp(fmax(half_width(compared->ratio), correction)) - 1;
}

/* The times are alike. So must they be on an equal clock, or it is no evidence of alike work. */
static void decide_alike(struct compared_case *compared, int own, int others) {
  compared->verdict = own == 0 && others == 0 ? VERDICT_NONE_SEEN : VERDICT_UNCLEAR;
  compared->by_others = own == 0 && others != 0;
}

/* Ratio and corrected ratio on one side of 1: whatever way the clock went, one of them is farther
   from 1 than the clock is. Either correction will do, so of two the one that is surer. */
static void decide_different(struct compared_case *compared, int way, int own, int others) {
  bool corrected = compared->own.known || compared->others.known;
  if (corrected && own != way && others != way) {
    compared->verdict = VERDICT_UNCLEAR;
    return;
  }
  double by_own = surely(compared->ratio, &compared->own, way);
  double by_others = surely(compared->ratio, &compared->others, way);
  compared->verdict = way > 0 ? VERDICT_SLOWER : VERDICT_FASTER;
  compared->by_others = corrected && (way > 0 ? by_others > by_own : by_others < by_own);
  compared->surely = compared->by_others ? by_others
                     : corrected         ? by_own
                     : way > 0           ? compared->ratio.low
                                         : compared->ratio.high;
}

static void decide(struct compared_case *compared) {
  int way = compared->test.p < significance ? ratio_side(compared->ratio) : 0;
  int own = compared->own.known ? ratio_side(compared->own.corrected) : 0;
  int others = compared->others.known ? ratio_side(compared->others.corrected) : 0;
  compared->visible = smallest_visible(compared);
  compared->surely = 1;
  compared->alike = way == 0;
  if (compared->verdict == VERDICT_FEW_REPEATS) {
    return;
  }
  if (way == 0) {
    decide_alike(compared, own, others);
  } else {
    decide_different(compared, way, own, others);
  }
}

static struct trend trend_of(const struct samples *samples) {
  return samples->count < 3 ? (struct trend){0, 1} : ranks_trend(samples->seconds, samples->count);
}

/* What the samples say, without the baselines. */
static void compare_samples(struct compared_case *compared) {
  const struct samples *a = &compared->a->parallel;
  const struct samples *b = &compared->b->parallel;
  compared->a_stats = stats_of(a->seconds, a->count);
  compared->b_stats = stats_of(b->seconds, b->count);
  compared->answers_differ = !json_equal(json_object_get(compared->a->record, "answer"),
                                         json_object_get(compared->b->record, "answer"));
  size_t fewer = a->count < b->count ? a->count : b->count;
  if (has_wrong_answer(compared->a) || has_wrong_answer(compared->b)) {
    compared->verdict = VERDICT_WRONG_ANSWER;
    return;
  }
  if (fewer < 2) {
    compared->verdict = VERDICT_NO_REPEATS;
    return;
  }
  struct group group_a = parallel_group(compared->a);
  struct group group_b = parallel_group(compared->b);
  compared->verdict = fewer < LEAST_SAMPLES ? VERDICT_FEW_REPEATS : VERDICT_NONE_SEEN;
  compared->ratio = bootstrap_ratio(&group_b, &group_a, 1 - significance);
  compared->test = ranks_mann_whitney(b->seconds, b->count, a->seconds, a->count);
  compared->a_trend = trend_of(a);
  compared->b_trend = trend_of(b);
}

enum status comparison_make(const struct document *a, const struct document *b,
                            struct comparison *comparison, struct fault *fault) {
  fault->status = STATUS_OK;
  *comparison = (struct comparison){.a = a, .b = b};
  if (match(comparison, fault) != STATUS_OK || label(comparison, fault) != STATUS_OK) {
    comparison_free(comparison);
    return fault->status;
  }
  for (size_t i = 0; i < comparison->count; i++) {
    if (is_pair(&comparison->cases[i])) {
      compare_samples(&comparison->cases[i]);
    }
  }
  if (correct(comparison, fault) != STATUS_OK) {
    comparison_free(comparison);
    return fault->status;
  }
  for (size_t i = 0; i < comparison->count; i++) {
    if (is_tested(&comparison->cases[i])) {
      decide(&comparison->cases[i]);
    }
  }
  return STATUS_OK;
}

void comparison_free(struct comparison *comparison) {
  free(comparison->cases);
  *comparison = (struct comparison){0};
}

const char *verdict_name(enum verdict verdict) {
  static const char *const names[] = {
      [VERDICT_ONE_SIDED] = "in one file", [VERDICT_WRONG_ANSWER] = "wrong answer",
      [VERDICT_NO_REPEATS] = "no repeats", [VERDICT_FEW_REPEATS] = "too few repeats",
      [VERDICT_NONE_SEEN] = "none seen",   [VERDICT_UNCLEAR] = "unclear",
      [VERDICT_FASTER] = "faster",         [VERDICT_SLOWER] = "slower",
  };
  return names[verdict];
}

bool is_judged(const struct compared_case *compared) {
  return compared->verdict >= VERDICT_NONE_SEEN;
}

bool is_slower_by(const struct compared_case *compared, double percent) {
  return compared->verdict == VERDICT_SLOWER && compared->surely > 1 + percent / 100;
}

/* Slower by less than that, or not at all, as far as anyone can tell; but could one? A comparison
   with what is no number is no yes. */
static bool is_blind(const struct compared_case *compared, double percent) {
  bool may_be = compared->verdict == VERDICT_NONE_SEEN ||
                (compared->verdict == VERDICT_SLOWER && !is_slower_by(compared, percent));
  return may_be && percent > 0 && !(compared->visible <= percent / 100);
}

const char *why_not_judged(const struct compared_case *compared, double percent) {
  return compared->b == NULL ? "not in B"
         : compared->verdict < VERDICT_NONE_SEEN || compared->verdict == VERDICT_UNCLEAR
             ? verdict_name(compared->verdict)
         : is_blind(compared, percent) ? "too noisy"
                                       : NULL;
}
