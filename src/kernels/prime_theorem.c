#include "kernels/prime_theorem.h"

#include <math.h>

bool prime_count_is_plausible(uint64_t lo, uint64_t hi, uint64_t count) {
  double a = fmax((double)lo, 2657);
  double b = (double)hi;
  if (b <= a) {
    return count <= hi - lo;
  }
  /* Simpson's rule in u = ln x: the integrand exp(u)/u is smooth, and the error is below 1e-10 of
   * it. */
  enum { PANELS = 4000 };
  double from = log(a);
  double width = (log(b) - from) / PANELS;
  double integral = 0;
  for (int i = 0; i <= PANELS; i++) {
    double u = from + width * i;
    double weight = i == 0 || i == PANELS ? 1 : i % 2 == 1 ? 4 : 2;
    integral += weight * exp(u) / u;
  }
  integral *= width / 3;
  double slack = 2 * sqrt(b) * log(b) / 25 + 400; /* below 2657 there are 384 primes */
  return fabs((double)count - integral) <= slack + 1e-9 * integral;
}
