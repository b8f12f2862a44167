/* How many primes a range must hold, nearly. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Can [lo, hi) hold `count` primes? pi(hi) - pi(lo) lies near the integral of 1/ln; Schoenfeld's
   bound (1976) under Riemann's hypothesis, verified far beyond 64 bits, is
   |pi(x) - li(x)| < sqrt(x) ln(x) / (8 pi), x >= 2657. */
bool prime_count_is_plausible(uint64_t lo, uint64_t hi, uint64_t count);
