#include "statistics/student.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

double student_within(double t, size_t freedom) {
  double angle = atan(t / sqrt((double)freedom));
  double cosine2 = cos(angle) * cos(angle);
  /* 1 + 1/2 cos^2 + 1*3/(2*4) cos^4 ... for even degrees, 1 + 2/3 cos^2 + ... for odd ones. */
  double term = 1;
  double sum = freedom == 1 ? 0 : 1;
  for (size_t i = 2 + freedom % 2; i + 2 <= freedom; i += 2) {
    term *= (double)(i - 1) / (double)i * cosine2;
    sum += term;
  }
  if (freedom % 2 == 0) {
    return sin(angle) * sum;
  }
  return 2 / pi * (angle + sin(angle) * cos(angle) * sum);
}

double student_quantile(double share, size_t freedom) {
  double low = 0;
  double high = 1;
  while (student_within(high, freedom) < share) {
    high *= 2;
  }
  for (int i = 0; i < 100; i++) {
    double middle = (low + high) / 2;
    if (student_within(middle, freedom) < share) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}
