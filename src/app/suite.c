#include "app/suite.h"

#include <stddef.h>

/* Sized on one core of a 2023 server with AVX-512 to take from a tenth of a second to 0.7 s each:
   long beside the harness, and short enough to be repeated: on two cores a round of all takes 2.6
   to 3.2 s, so that 20 s are six or seven rounds, and an interval needs six. The number is the
   largest prime below 2^64. */
const char *const suite_cases[][SUITE_WORDS] = {
    {"pi", "--samples", "5e8"},
    {"primes", "0", "4e9"},
    {"isprime", "18446744073709551557"},
    {"kde", "--normal", "2000000,2", "--at", "-2:2:n20,-2:2:n20", "--widths", "0.1:1.2:n100"},
    {NULL},
};
