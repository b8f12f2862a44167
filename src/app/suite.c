#include "app/suite.h"

#include <stddef.h>

/* Sized on one core of a 2023 server to take from a tenth of a second to half a second each: long
   beside the harness, and short enough to be repeated. */
const char *const suite_cases[][SUITE_WORDS] = {
    {"pi", "--samples", "2e8"},
    {"primes", "0", "5e9"},
    {"isprime", "100109100129100151"},
    {"kde", "--normal", "500000,2", "--at", "-2:2:n10,-2:2:n10", "--widths", "0.1:1.2:n100"},
    {NULL},
};

const double suite_seconds = 20;
