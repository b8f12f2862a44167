#include "statistics/fits.h"

#include <math.h>
#include <stdio.h>

#include "statistics/student.h"

static const double NORMAL_95 = 1.959964; /* standard errors to either side hold 95 % */

/* A law as y = start + sum of value[k] * slope[k], y being what its errors are in proportion to. */
struct line {
  double y, start, slope[FIT_PARAMETERS];
};

static struct line line_of(enum fit_law law, double ranks, double speedup) {
  if (law == FIT_GUSTAFSON) {
    return (struct line){speedup / ranks, 1, {-(ranks - 1) / ranks, 0}};
  }
  /* Amdahl's law is the universal one without kappa: p / S = 1 + f (p - 1). */
  return (struct line){ranks / speedup, 1, {ranks - 1, ranks * (ranks - 1)}};
}

static double line_value(const struct line *line, const struct fit *fit) {
  return line->start + line->slope[0] * fit->value[0] + line->slope[1] * fit->value[1];
}

/* Weighted sums of the normal equations. */
struct sums {
  double xx[FIT_PARAMETERS][FIT_PARAMETERS], xy[FIT_PARAMETERS], squares;
  double x1[FIT_PARAMETERS]; /* with an error that all points share, in proportion */
};

struct data {
  const double *ranks, *speedup;
  size_t count;
  double scale; /* all speedups are so many times as large */
};

static struct sums add_up(const struct fit *fit, const struct data *data) {
  struct sums sums = {0};
  for (size_t i = 0; i < data->count; i++) {
    if (!(data->ranks[i] > 1)) {
      continue;
    }
    struct line line = line_of(fit->law, data->ranks[i], data->speedup[i] * data->scale);
    double expected = line_value(&line, fit);
    double weight = 1 / (expected * expected);
    double residual = line.y - expected;
    for (size_t k = 0; k < FIT_PARAMETERS; k++) {
      for (size_t l = 0; l < FIT_PARAMETERS; l++) {
        sums.xx[k][l] += weight * line.slope[k] * line.slope[l];
      }
      sums.xy[k] += weight * line.slope[k] * residual;
      sums.x1[k] += weight * line.slope[k] * expected;
    }
    sums.squares += weight * residual * residual;
  }
  return sums;
}

/* One step towards the least squares over the parameters that are free. Returns how far it went in
   units of what the parameters are worth. */
static double step(struct fit *fit, const struct data *data, const bool free[FIT_PARAMETERS]) {
  struct sums sums = add_up(fit, data);
  double moved[FIT_PARAMETERS] = {0};
  if (free[0] && free[1]) {
    double determinant = sums.xx[0][0] * sums.xx[1][1] - sums.xx[0][1] * sums.xx[1][0];
    moved[0] = (sums.xy[0] * sums.xx[1][1] - sums.xy[1] * sums.xx[0][1]) / determinant;
    moved[1] = (sums.xy[1] * sums.xx[0][0] - sums.xy[0] * sums.xx[1][0]) / determinant;
  } else {
    size_t k = free[0] ? 0 : 1;
    moved[k] = sums.xy[k] / sums.xx[k][k];
  }
  double distance = 0;
  for (size_t k = 0; k < FIT_PARAMETERS; k++) {
    fit->value[k] += moved[k];
    distance += fabs(moved[k]) * sqrt(sums.xx[k][k]);
  }
  return distance;
}

static void solve(struct fit *fit, const struct data *data, const bool free[FIT_PARAMETERS]) {
  for (int i = 0; i < 100 && step(fit, data, free) > 1e-12; i++) {
  }
}

static double upper_bound(enum fit_law law) {
  return law == FIT_UNIVERSAL ? INFINITY : 1;
}

static double clamp(double value, double low, double high) {
  return fmin(high, fmax(low, value));
}

/* From the start each law has without any loss. */
static void restart(struct fit *fit) {
  fit->value[0] = 0;
  fit->value[1] = 0;
}

/* The fit, with what leaves its bounds held there. */
static void solve_in_bounds(struct fit *fit, const struct data *data) {
  bool free[FIT_PARAMETERS] = {true, fit->count == 2};
  solve(fit, data, free);
  if (fit->count == 2 && (fit->value[0] < 0 || fit->value[1] < 0)) {
    size_t held = fit->value[0] < 0 ? 0 : 1;
    free[held] = false;
    restart(fit);
    solve(fit, data, free);
  }
  for (size_t k = 0; k < FIT_PARAMETERS && k < fit->count; k++) {
    fit->value[k] = clamp(fit->value[k], 0, upper_bound(fit->law));
  }
}

/* How far the parameter would move, were all speedups larger or smaller by the standard error that
   they share. At a bound it moves one way only. */
static double find_shift(const struct fit *fit, const struct data *data, size_t k, double error) {
  double most = 0;
  for (int sign = -1; error > 0 && sign <= 1; sign += 2) {
    struct fit moved = *fit;
    struct data other = *data;
    other.scale = 1 + sign * fmin(error, 0.5);
    restart(&moved);
    solve_in_bounds(&moved, &other);
    most = fmax(most, fabs(moved.value[k] - fit->value[k]));
  }
  return most;
}

/* Intervals from the covariance of all parameters, also of one held at its bound. */
static void find_intervals(struct fit *fit, const struct data *data, size_t freedom,
                           double baseline_error) {
  struct sums sums = add_up(fit, data);
  double inverse[FIT_PARAMETERS] = {1 / sums.xx[0][0], 0};
  double across = 0;
  if (fit->count == 2) {
    double determinant = sums.xx[0][0] * sums.xx[1][1] - sums.xx[0][1] * sums.xx[1][0];
    inverse[0] = sums.xx[1][1] / determinant;
    inverse[1] = sums.xx[0][0] / determinant;
    across = -sums.xx[0][1] / determinant;
  }
  /* The fit follows the baseline's error as far as it can; the rest of it is in the residuals, too,
     where it is not to be counted twice. */
  double followed = inverse[0] * sums.x1[0] * sums.x1[0] + inverse[1] * sums.x1[1] * sums.x1[1] +
                    2 * across * sums.x1[0] * sums.x1[1];
  double left = baseline_error * baseline_error * ((double)fit->points - followed);
  double variance = fmax(sums.squares - fmax(left, 0), 0) / (double)freedom;
  double t = student_quantile(0.95, freedom);
  for (size_t k = 0; k < FIT_PARAMETERS && k < fit->count; k++) {
    double shift = find_shift(fit, data, k, baseline_error);
    double reach = hypot(t * sqrt(variance * inverse[k]), NORMAL_95 * shift);
    fit->low[k] = clamp(fit->value[k] - reach, 0, upper_bound(fit->law));
    fit->high[k] = clamp(fit->value[k] + reach, 0, upper_bound(fit->law));
  }
  fit->misfit = sqrt(sums.squares / (double)freedom);
}

static bool seen_before(const double *ranks, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (ranks[i] == ranks[index]) {
      return true;
    }
  }
  return false;
}

struct fit fit_scaling(enum fit_law law, const double *ranks, const double *speedup, size_t count,
                       double baseline_error) {
  struct fit fit = {.law = law, .count = law == FIT_UNIVERSAL ? 2 : 1};
  size_t teaching = 0;
  size_t different = 0;
  for (size_t i = 0; i < count; i++) {
    teaching += ranks[i] > 1;
    different += ranks[i] > 1 && !seen_before(ranks, i);
  }
  fit.points = teaching;
  if (different <= fit.count) {
    char has[32] = "none";
    if (different > 0) {
      snprintf(has, sizeof has, "only %zu", different);
    }
    snprintf(fit.reason, sizeof fit.reason,
             "%s needs at least %zu numbers of ranks above 1 with a core each, and there %s %s",
             fit_name(law), fit.count + 1, different > 1 ? "are" : "is", has);
    return fit;
  }
  if (isnan(baseline_error)) {
    snprintf(fit.reason, sizeof fit.reason,
             "%s's intervals need the error of the baseline, and one sample does not tell it",
             fit_name(law));
    return fit;
  }
  struct data data = {ranks, speedup, count, 1};
  solve_in_bounds(&fit, &data);
  find_intervals(&fit, &data, teaching - fit.count, baseline_error);
  fit.fitted = isfinite(fit.value[0]) && isfinite(fit.value[1]) && isfinite(fit.misfit);
  if (!fit.fitted) {
    snprintf(fit.reason, sizeof fit.reason, "the points do not follow %s's law", fit_name(law));
  }
  return fit;
}

double fit_speedup(const struct fit *fit, double ranks) {
  struct line line = line_of(fit->law, ranks, 1);
  double y = line_value(&line, fit);
  return fit->law == FIT_GUSTAFSON ? y * ranks : ranks / y;
}

double fit_best_ranks(const struct fit *fit) {
  return fit->value[1] > 0 ? sqrt((1 - fit->value[0]) / fit->value[1]) : INFINITY;
}

double fit_karp_flatt(double speedup, double ranks) {
  return (1 / speedup - 1 / ranks) / (1 - 1 / ranks);
}

const char *fit_name(enum fit_law law) {
  static const char *const names[] = {"Amdahl", "Gustafson", "the universal law"};
  return names[law];
}

const char *fit_parameter_name(enum fit_law law, size_t index) {
  return law != FIT_UNIVERSAL ? "f" : index == 0 ? "sigma" : "kappa";
}
