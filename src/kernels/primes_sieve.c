#include "kernels/primes.h"

#ifdef HAVE_PRIMESIEVE

#include <errno.h>
#include <primesieve.h>

static const uint64_t largest_prime = UINT64_C(18446744073709551557); /* below 2^64 */

bool primes_have_sieve(void) {
  return true;
}

const char *primes_sieve_version(void) {
  return primesieve_version();
}

/* libprimesieve says that it failed by errno = EDOM or by its iterator's flag. */
static enum status sieve_fault(uint64_t lo, uint64_t hi, struct fault *fault) {
  return fault_set(fault, STATUS_FAILED, "libprimesieve failed on [%llu, %llu): out of memory?",
                   (unsigned long long)lo, (unsigned long long)hi);
}

enum status primes_sieve(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault) {
  *count = 0;
  if (lo >= hi) {
    return STATUS_OK;
  }
  if (sum == NULL) {
    /* One thread: the other cores have ranks of their own. */
    primesieve_set_num_threads(1);
    errno = 0;
    *count = primesieve_count_primes(lo, hi - 1);
    return *count == PRIMESIEVE_ERROR || errno == EDOM ? sieve_fault(lo, hi, fault) : STATUS_OK;
  }
  *sum = 0;
  primesieve_iterator iterator;
  primesieve_init(&iterator);
  primesieve_jump_to(&iterator, lo, hi);
  bool failed = false;
  uint64_t prime = 0;
  while (prime != largest_prime) { /* the iterator has no prime to give after that one */
    prime = primesieve_next_prime(&iterator);
    failed = iterator.is_error != 0;
    if (failed || prime >= hi) {
      break;
    }
    ++*count;
    *sum += prime;
  }
  primesieve_free_iterator(&iterator);
  return failed ? sieve_fault(lo, hi, fault) : STATUS_OK;
}

#else

bool primes_have_sieve(void) {
  return false;
}

const char *primes_sieve_version(void) {
  return "";
}

enum status primes_sieve(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault) {
  (void)lo, (void)hi, (void)count, (void)sum;
  return fault_set(fault, STATUS_USAGE, "--kernel sieve: this build has no libprimesieve");
}

#endif
