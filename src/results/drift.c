#include "results/drift.h"

#include <math.h>

#include "statistics/student.h"

/* Where the clock drifted, the corrected interval alone stands between chance and an alarm, and
   there may be two of them. */
static const double confidence = 0.99;
enum { LEAST_WITNESSES = 3 };

int ratio_side(struct ratio ratio) {
  return ratio.low > 1 ? 1 : ratio.high < 1 ? -1 : 0;
}

static struct group group_of(const struct samples *samples) {
  return (struct group){.over = samples->seconds, .over_count = samples->count};
}

static struct group relative_group(const struct result_case *result) {
  return (struct group){result->parallel.seconds, result->parallel.count, result->serial.seconds,
                        result->serial.count};
}

struct correction correct_by_own(const struct result_case *a, const struct result_case *b) {
  struct group serial_a = group_of(&a->serial);
  struct group serial_b = group_of(&b->serial);
  struct group relative_a = relative_group(a);
  struct group relative_b = relative_group(b);
  return (struct correction){
      .known = true,
      .drift = bootstrap_ratio(&serial_b, &serial_a, confidence),
      .corrected = bootstrap_ratio(&relative_b, &relative_a, confidence),
  };
}

/* Logarithms of the witnesses' drifts. */
struct spread {
  double mean;
  double between; /* standard deviation of the drifts */
  double within;  /* half of a drift's interval, the root mean square */
  bool steady;    /* none of them is seen to have moved */
};

static struct spread spread_of(const struct ratio *witnesses, size_t count) {
  struct spread spread = {.steady = true};
  for (size_t i = 0; i < count; i++) {
    double reach = log(witnesses[i].high / witnesses[i].low) / 2;
    spread.mean += log(witnesses[i].value) / (double)count;
    spread.within += reach * reach / (double)count;
    spread.steady = spread.steady && ratio_side(witnesses[i]) == 0;
  }
  spread.within = sqrt(spread.within);
  for (size_t i = 0; i < count; i++) {
    double off = log(witnesses[i].value) - spread.mean;
    spread.between += off * off / (double)(count - 1);
  }
  spread.between = sqrt(spread.between);
  return spread;
}

/* The interval in which one more baseline would lie if it drifted like the witnesses. A clock that
   moved moves kernels unequally, and three tell little of how unequally: a t with two degrees of
   freedom. Where none is seen to have moved there is little to be unequal in, and what is left is
   the witnesses' own uncertainty, of which their many samples tell, if only they agree: of their
   spread 90 % are asked then. By simulation that costs no power, and keeps alarms below one file in
   eight where cases do drift apart by as much as their uncertainty hides. */
static struct ratio drift_of(const struct ratio *witnesses, size_t count) {
  struct spread spread = spread_of(witnesses, count);
  double each = spread.between * student_quantile(confidence, count - 1);
  if (spread.steady) {
    double agreed = spread.between * student_quantile(0.9, count - 1);
    each = fmin(each, fmax(agreed, spread.within));
  }
  double reach = each * sqrt(1 + 1 / (double)count);
  return (struct ratio){exp(spread.mean), exp(spread.mean - reach), exp(spread.mean + reach)};
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

struct correction correct_by_others(const struct result_case *a, const struct result_case *b,
                                    const struct ratio *witnesses, size_t count) {
  if (count < LEAST_WITNESSES) {
    return (struct correction){.known = false};
  }
  struct group parallel_a = group_of(&a->parallel);
  struct group parallel_b = group_of(&b->parallel);
  struct ratio drift = drift_of(witnesses, count);
  return (struct correction){
      .known = true,
      .drift = drift,
      .corrected = divide(bootstrap_ratio(&parallel_b, &parallel_a, confidence), drift),
  };
}
