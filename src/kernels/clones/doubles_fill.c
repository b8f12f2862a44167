#include "kernels/doubles.h"

void CLONE(doubles_fill)(double *to, size_t count, double value) {
  for (size_t i = 0; i < count; i++) {
    to[i] = value;
  }
}
