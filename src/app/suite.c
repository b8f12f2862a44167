#include "app/suite.h"

#include <stddef.h>

/* Sized on one core of a 2023 server with AVX-512 to take from a tenth of a second to 0.7 s each:
   long beside the harness, and short enough to be repeated. The number is the largest prime below
   2^64. Shares of the time go by what a run and its baseline take: on two cores 20 s give each case
   eight rounds or more, and an interval needs six. The shortest has more rounds than that. */
const struct suite_case suite_cases[] = {
    {6, {"pi", "--samples", "5e8"}},
    {7, {"primes", "0", "4e9"}},
    {2, {"isprime", "18446744073709551557"}},
    {5, {"kde", "--normal", "2000000,2", "--at", "-2:2:n20,-2:2:n20", "--widths", "0.1:1.2:n100"}},
    {0, {NULL}},
};
