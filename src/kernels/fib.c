#include "kernels/fib.h"

/* Compilers know this function too well: gcc unrolls the recursion several calls deep, and both gcc
   and clang make a loop of one of the two calls. Not being inlined stops the first. The empty
   assembly, through which the sum has to pass after both calls, stops the second, and keeps callers
   from taking equal calls for one. */
__attribute__((noinline)) uint64_t fib_recursive(uint64_t n) {
  if (n < 2) {
    return n;
  }
  uint64_t sum = fib_recursive(n - 1) + fib_recursive(n - 2);
  __asm__ volatile("" : "+r"(sum));
  return sum;
}

uint64_t fib_iterated(uint64_t n) {
  uint64_t value = 0;
  uint64_t next = 1;
  for (uint64_t i = 0; i < n; i++) {
    uint64_t sum = value + next; /* F(FIB_LAST + 1) wraps, and is not used */
    value = next;
    next = sum;
  }
  return value;
}
