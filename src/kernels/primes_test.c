/* Primes by testing numbers one by one. */
#include "kernels/miller_rabin.h"
#include "kernels/primes.h"
#include "kernels/trial.h"

#include <stddef.h>

static bool is_prime_by_trial(uint64_t n) {
  uint64_t divisions = 0;
  return n >= 2 && trial_factor(n, &divisions) == n;
}

enum status primes_trial(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault) {
  (void)fault;
  uint128_t total = 0;
  *count = 0;
  for (uint64_t n = lo; n < hi; n++) {
    if (is_prime_by_trial(n)) {
      ++*count;
      total += n;
    }
  }
  if (sum != NULL) {
    *sum = total;
  }
  return STATUS_OK;
}

enum status primes_trial_list(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault) {
  for (uint64_t n = lo; n < hi; n++) {
    if (is_prime_by_trial(n) && !text_add_line(list, n)) {
      return fault_set(fault, STATUS_FAILED, "out of memory for a list of primes");
    }
  }
  return STATUS_OK;
}

uint64_t primes_first(uint64_t lo, uint64_t hi) {
  for (uint64_t n = lo; n < hi; n++) {
    if (is_prime(n)) {
      return n;
    }
  }
  return 0;
}

uint64_t primes_last(uint64_t lo, uint64_t hi) {
  for (uint64_t n = hi; n > lo; n--) {
    if (is_prime(n - 1)) {
      return n - 1;
    }
  }
  return 0;
}
