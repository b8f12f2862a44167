/* ln x for x > 0. libm's may differ in the last bit between versions; this one cannot. */
#pragma once

#include <math.h>

/* x = 2^e m with m in [1/sqrt 2, sqrt 2), ln m = 2 artanh s with s = (m-1)/(m+1), |s| < 0.172. */
static inline double natural_log(double x) {
  int exponent;
  double m = frexp(x, &exponent);
  if (m < 0.70710678118654752440) {
    m *= 2;
    exponent--;
  }
  double s = (m - 1) / (m + 1);
  double s2 = s * s;
  double series = 0;
  for (int k = 21; k >= 3; k -= 2) {
    series = (series + 1.0 / k) * s2;
  }
  return exponent * 0.69314718055994530942 + 2 * s * (1 + series);
}
