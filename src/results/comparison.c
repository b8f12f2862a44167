#include "results/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/student.h"

static const double significance = 0.05;
/* Where the clock drifted, the corrected interval alone stands between chance and an alarm, and
   there may be two of them. */
static const double correction_confidence = 0.99;
enum { LEAST_OTHERS = 3 };

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
    comparison->cases[comparison->count++].a = &a->cases[i];
  }
  for (size_t i = 0; i < b->count; i++) {
    struct compared_case *partner = find_partner(comparison, &b->cases[i]);
    if (partner == NULL) {
      partner = &comparison->cases[comparison->count++];
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
    }
  }
  case_set_free(&set);
  return fault->status;
}

static bool is_pair(const struct compared_case *compared) {
  return compared->a != NULL && compared->b != NULL;
}

static bool has_baselines(const struct compared_case *compared) {
  return is_pair(compared) && compared->a->serial.count > 0 && compared->b->serial.count > 0;
}

static struct group parallel_group(const struct result_case *result) {
  return (struct group){.over = result->parallel.seconds, .over_count = result->parallel.count};
}

static struct group serial_group(const struct result_case *result) {
  return (struct group){.over = result->serial.seconds, .over_count = result->serial.count};
}

static struct group relative_group(const struct result_case *result) {
  return (struct group){result->parallel.seconds, result->parallel.count, result->serial.seconds,
                        result->serial.count};
}

/* By the case's own baseline: what changed in the parallel run and not in the kernel alone. */
static void correct_by_own(struct compared_case *compared) {
  struct group a = serial_group(compared->a);
  struct group b = serial_group(compared->b);
  struct group relative_a = relative_group(compared->a);
  struct group relative_b = relative_group(compared->b);
  compared->own = (struct correction){
      .known = true,
      .drift = bootstrap_ratio(&b, &a, correction_confidence),
      .corrected = bootstrap_ratio(&relative_b, &relative_a, correction_confidence),
  };
}

/* What the baselines of all cases but one say: the mean of their logarithms, and the interval in
   which the baseline of one more case would lie if it drifted like them. */
static struct ratio drift_of_others(const struct comparison *comparison, size_t but,
                                    size_t *found) {
  double sum = 0;
  double squares = 0;
  *found = 0;
  for (size_t i = 0; i < comparison->count; i++) {
    const struct compared_case *other = &comparison->cases[i];
    if (i != but && has_baselines(other)) {
      double a = stats_of(other->a->serial.seconds, other->a->serial.count).median;
      double b = stats_of(other->b->serial.seconds, other->b->serial.count).median;
      double drift = log(b / a);
      sum += drift;
      squares += drift * drift;
      ++*found;
    }
  }
  double count = (double)*found;
  if (*found < LEAST_OTHERS) {
    return (struct ratio){NAN, NAN, NAN};
  }
  double mean = sum / count;
  double variance = fmax(0, squares - count * mean * mean) / (count - 1);
  double reach =
      student_quantile(correction_confidence, *found - 1) * sqrt(variance * (1 + 1 / count));
  return (struct ratio){exp(mean), exp(mean - reach), exp(mean + reach)};
}

/* The errors of both are independent: their logarithms' squares add up. */
static struct ratio divide(struct ratio ratio, struct ratio by) {
  double value = ratio.value / by.value;
  return (struct ratio){
      value,
      value * exp(-hypot(log(ratio.value / ratio.low), log(by.high / by.value))),
      value * exp(hypot(log(ratio.high / ratio.value), log(by.value / by.low))),
  };
}

static void correct_by_others(const struct comparison *comparison, size_t index) {
  struct compared_case *compared = &comparison->cases[index];
  size_t found = 0;
  struct ratio drift = drift_of_others(comparison, index, &found);
  compared->others.known = found >= LEAST_OTHERS;
  if (compared->others.known) {
    compared->others.drift = drift;
    struct group a = parallel_group(compared->a);
    struct group b = parallel_group(compared->b);
    compared->others.corrected = divide(bootstrap_ratio(&b, &a, correction_confidence), drift);
  }
}

/* 1: B is surely slower, -1: surely faster, 0: neither. */
static int direction(struct ratio ratio) {
  return ratio.low > 1 ? 1 : ratio.high < 1 ? -1 : 0;
}

/* The bound nearer to 1 of both ratios. */
static double surely(struct ratio ratio, struct ratio corrected, int way) {
  return way > 0 ? fmin(ratio.low, corrected.low) : fmax(ratio.high, corrected.high);
}

static void decide(struct compared_case *compared) {
  int way = compared->test.p < significance ? direction(compared->ratio) : 0;
  bool by_own = compared->own.known && direction(compared->own.corrected) == way;
  bool by_others = compared->others.known && direction(compared->others.corrected) == way;
  bool corrected = compared->own.known || compared->others.known;
  compared->surely = 1;
  compared->by_others = way != 0 && by_others && !by_own;
  if (way == 0) {
    compared->verdict = VERDICT_SAME;
  } else if (corrected && !by_own && !by_others) {
    compared->verdict = VERDICT_UNCLEAR;
  } else {
    const struct correction *used = compared->by_others ? &compared->others : &compared->own;
    compared->verdict = way > 0 ? VERDICT_SLOWER : VERDICT_FASTER;
    compared->surely = surely(compared->ratio, corrected ? used->corrected : compared->ratio, way);
  }
}

static struct trend trend_of(const struct samples *samples) {
  return samples->count < 3 ? (struct trend){0, 1} : ranks_trend(samples->seconds, samples->count);
}

static void compare(const struct comparison *comparison, size_t index) {
  struct compared_case *compared = &comparison->cases[index];
  const struct samples *a = &compared->a->parallel;
  const struct samples *b = &compared->b->parallel;
  compared->a_stats = stats_of(a->seconds, a->count);
  compared->b_stats = stats_of(b->seconds, b->count);
  compared->answers_differ = !json_equal(json_object_get(compared->a->record, "answer"),
                                         json_object_get(compared->b->record, "answer"));
  if (a->count < 2 || b->count < 2) {
    compared->verdict = VERDICT_NO_REPEATS;
    return;
  }
  struct group group_a = parallel_group(compared->a);
  struct group group_b = parallel_group(compared->b);
  compared->ratio = bootstrap_ratio(&group_b, &group_a, 1 - significance);
  compared->test = ranks_mann_whitney(b->seconds, b->count, a->seconds, a->count);
  compared->a_trend = trend_of(a);
  compared->b_trend = trend_of(b);
  if (has_baselines(compared)) {
    correct_by_own(compared);
  }
  correct_by_others(comparison, index);
  if (ranks_smallest_p(a->count, b->count) >= significance) {
    compared->verdict = VERDICT_FEW_REPEATS;
  } else {
    decide(compared);
  }
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
      compare(comparison, i);
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
      [VERDICT_NO_REPEATS] = "no repeats", [VERDICT_FEW_REPEATS] = "too few repeats",
      [VERDICT_SAME] = "no difference",    [VERDICT_UNCLEAR] = "unclear",
      [VERDICT_FASTER] = "faster",         [VERDICT_SLOWER] = "slower",
  };
  return names[verdict];
}

bool is_judged(const struct compared_case *compared) {
  return is_pair(compared) && compared->verdict >= VERDICT_SAME;
}

bool is_slower_by(const struct compared_case *compared, double percent) {
  return is_judged(compared) && compared->verdict == VERDICT_SLOWER &&
         compared->surely > 1 + percent / 100;
}
