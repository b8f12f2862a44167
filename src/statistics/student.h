/* Student's t distribution, for intervals from few observations. */
#pragma once

#include <stddef.h>

/* P(|T| <= t) with `freedom` degrees, t >= 0, freedom >= 1: the finite sums for whole degrees
   (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4). */
double student_within(double t, size_t freedom);

/* The t with P(|T| <= t) = share, 0 <= share < 1; 12.706 for 0.95 and one degree. */
double student_quantile(double share, size_t freedom);
