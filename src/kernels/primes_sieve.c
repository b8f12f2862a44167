#include "kernels/primes.h"

#ifdef HAVE_PRIMESIEVE

#include <errno.h>
#include <pthread.h>
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

/* Whole buffers of the iterator are added at a time. primesieve_next_prime() refills the buffer
   when it stands on the last prime of it, and then stands on the first; so all that is needed is to
   put it on the last one. */
static enum status add_up(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                          struct fault *fault) {
  primesieve_iterator iterator;
  primesieve_init(&iterator);
  primesieve_jump_to(&iterator, lo, hi);
  uint64_t last = 0;
  /* Beyond the largest prime the iterator has none to give. */
  while (last < hi && last != largest_prime) {
    primesieve_next_prime(&iterator);
    if (iterator.is_error) {
      primesieve_free_iterator(&iterator);
      return sieve_fault(lo, hi, fault);
    }
    size_t primes = iterator.size;
    last = iterator.primes[primes - 1];
    while (primes > 0 && iterator.primes[primes - 1] >= hi) {
      primes--;
    }
    uint128_t buffer_sum = 0;
    for (size_t i = 0; i < primes; i++) {
      buffer_sum += iterator.primes[i];
    }
    *count += primes;
    *sum += buffer_sum;
    iterator.i = iterator.size - 1;
  }
  primesieve_free_iterator(&iterator);
  return STATUS_OK;
}

/* One thread a call: the other cores have workers of their own. The library keeps the number in a
   variable of the process. */
static void use_one_thread(void) {
  primesieve_set_num_threads(1);
}

enum status primes_sieve(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                         struct fault *fault) {
  *count = 0;
  if (sum != NULL) {
    *sum = 0;
  }
  if (lo >= hi) {
    return STATUS_OK;
  }
  if (sum == NULL) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, use_one_thread);
    errno = 0;
    *count = primesieve_count_primes(lo, hi - 1);
    return *count == PRIMESIEVE_ERROR || errno == EDOM ? sieve_fault(lo, hi, fault) : STATUS_OK;
  }
  return add_up(lo, hi, count, sum, fault);
}

enum status primes_sieve_list(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault) {
  primesieve_iterator iterator;
  primesieve_init(&iterator);
  primesieve_jump_to(&iterator, lo, hi);
  enum status status = STATUS_OK;
  uint64_t prime = 0;
  while (status == STATUS_OK && prime != largest_prime) {
    prime = primesieve_next_prime(&iterator);
    if (iterator.is_error) {
      status = sieve_fault(lo, hi, fault);
    } else if (prime >= hi) {
      break;
    } else if (!text_add_line(list, prime)) {
      status = fault_set(fault, STATUS_FAILED, "out of memory for a list of primes");
    }
  }
  primesieve_free_iterator(&iterator);
  return status;
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

enum status primes_sieve_list(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault) {
  uint64_t count;
  (void)list;
  return primes_sieve(lo, hi, &count, NULL, fault);
}

#endif
