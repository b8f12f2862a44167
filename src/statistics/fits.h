/* Laws of scaling, fitted to speedups measured at several numbers of ranks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum fit_law {
  /* Strong scaling, S(p) = 1 / (f + (1 - f) / p) with the serial fraction f (G. Amdahl, 1967). */
  FIT_AMDAHL,
  /* Weak scaling, S(p) = p - f (p - 1) with the serial fraction f of the time on p ranks
     (J. Gustafson, 1988). */
  FIT_GUSTAFSON,
  /* The universal scalability law, S(p) = p / (1 + sigma (p - 1) + kappa p (p - 1)), with the
     contention sigma and the coherency kappa (N. Gunther, Guerrilla Capacity Planning, 2007). */
  FIT_UNIVERSAL,
};

enum { FIT_PARAMETERS = 2, FIT_REASON = 128 };

struct fit {
  enum fit_law law;
  bool fitted;
  char reason[FIT_REASON]; /* why not, when it is not */
  size_t points;           /* used: those on more than one rank */
  size_t count;            /* of parameters: f, or sigma and kappa */
  double value[FIT_PARAMETERS];
  double low[FIT_PARAMETERS], high[FIT_PARAMETERS]; /* 95 % */
  double misfit; /* root of the mean squared relative residual, per degree of freedom */
};

/* Fit `law` to speedup[count] on ranks[count] (>= 1; speedups > 0).

   Each law is linear in its parameters when written for p / S or S / p, and times err in
   proportion: so it is least squares on relative residuals, by weights that are computed again from
   the fitted law until they settle. The intervals are from the covariance and Student's t.
   A parameter cannot be negative (nor f above 1): one that comes out so is held at the bound, the
   other fitted again, and intervals are cut there.

   On one rank every law says 1, so those points teach nothing and are left out: refused, with the
   reason, are fewer than two other numbers of ranks for one parameter, than three for the universal
   law.

   All speedups are relative to one measured time, whose relative standard error `baseline_error`
   they share (0: it is exact): it is taken out of the residuals, and widens the intervals by what
   the parameters would change with it. They hold the truth in 95 to 99.6 % of studies. Where it is
   not known (NAN) the fit is refused. */
struct fit fit_scaling(enum fit_law law, const double *ranks, const double *speedup, size_t count,
                       double baseline_error);

/* The speedup that a fitted law gives. */
double fit_speedup(const struct fit *fit, double ranks);

/* Where the universal law's speedup is largest: sqrt((1 - sigma) / kappa) ranks, INFINITY without
   kappa. */
double fit_best_ranks(const struct fit *fit);

/* The serial fraction that one measurement shows, (1/S - 1/p) / (1 - 1/p), p > 1 (A. H. Karp and
   H. P. Flatt, Measuring parallel processor performance, CACM 33(5), 1990). It grows with p where
   something besides a serial part costs time. */
double fit_karp_flatt(double speedup, double ranks);

const char *fit_name(enum fit_law law);                         /* "Amdahl" */
const char *fit_parameter_name(enum fit_law law, size_t index); /* "f", "sigma", "kappa" */
