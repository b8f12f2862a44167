/* Fibonacci numbers F(0) = 0, F(1) = 1, F(n) = F(n-1) + F(n-2), the slow way and the fast one. */
#pragma once

#include <stdint.h>

enum { FIB_LAST = 93 }; /* F(93) is the last one that 64 bits hold */

/* F(n) by the definition: 2 F(n+1) - 1 calls, each of them really made. n <= FIB_LAST. */
uint64_t fib_recursive(uint64_t n);

/* F(n) by n additions. n <= FIB_LAST. */
uint64_t fib_iterated(uint64_t n);
