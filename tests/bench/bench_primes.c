#include "bench/bench.h"
void bench_primes(void) {}
