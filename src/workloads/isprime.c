/* isprime: is one number prime? Trial division, the divisors up to the root split over the ranks;
   whoever finds one tells the others. */
#include "kernels/divisor.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/miller_rabin.h"
#include "kernels/pollard_rho.h"
#include "workloads/workload.h"

struct isprime {
  uint64_t n;
};

static const struct option_row options[] = {
    {"N...", OPTION_INTEGER, offsetof(struct isprime, n), NULL, NULL, NULL, 0, 0, true,
     "a number below 2^64; each one is a job of its own"},
    {0},
};

/* Divisors below this are tried before any work is handed out: most numbers have a small factor. */
enum { FIRST_SHARED_DIVISOR = 21 };

struct search {
  uint64_t small_factor; /* found by the serial check, or 0 */
  uint64_t small_tried;
  uint64_t divisors; /* shared out: FIRST_SHARED_DIVISOR ... root of n */
};

static uint64_t integer_root(uint64_t n) {
  uint64_t root = (uint64_t)sqrt((double)n);
  while (root > UINT32_MAX || root * root > n) {
    root--;
  }
  while (root < UINT32_MAX && (root + 1) * (root + 1) <= n) {
    root++;
  }
  return root;
}

static uint64_t number_of(const struct job *job) {
  return ((const struct isprime *)job->parameters)->n;
}

static enum status isprime_prepare(struct job *job, struct fault *fault) {
  struct search *search = calloc(1, sizeof *search);
  if (search == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  job->state = search;
  uint64_t n = number_of(job);
  uint64_t past_root = integer_root(n) + 1;
  if (past_root > 2) {
    uint64_t hi = past_root < FIRST_SHARED_DIVISOR ? past_root : FIRST_SHARED_DIVISOR;
    search->small_factor = divisor_find(n, 2, hi, &search->small_tried);
  }
  if (search->small_factor == 0 && past_root > FIRST_SHARED_DIVISOR) {
    search->divisors = past_root - FIRST_SHARED_DIVISOR;
  }
  return STATUS_OK;
}

static void isprime_release(struct job *job) {
  free(job->state);
  job->state = NULL;
}

static uint64_t isprime_items(const struct job *job) {
  return ((const struct search *)job->state)->divisors;
}

static uint64_t isprime_grain(const struct job *job) {
  (void)job;
  return 4096; /* a few microseconds */
}

static struct tally_shape isprime_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .minima = 1};
}

static enum status isprime_run(const struct job *job, struct range range, struct tally *tally,
                               struct fault *fault) {
  (void)fault;
  uint64_t n = number_of(job);
  uint64_t d = divisor_find(n, FIRST_SHARED_DIVISOR + range.lo, FIRST_SHARED_DIVISOR + range.hi,
                            &tally->sums[0]);
  if (d != 0) {
    tally->minima[0] = d < tally->minima[0] ? d : tally->minima[0];
    /* Two prime factors: d is the smaller one, nothing is left to look for. Otherwise a smaller
       divisor may hide in a range below this one, and only what is above d can be dropped. */
    bool final = is_prime(d) && is_prime(n / d);
    uint64_t limit = final ? 0 : d - FIRST_SHARED_DIVISOR;
    tally->limit = limit < tally->limit ? limit : tally->limit;
  }
  return STATUS_OK;
}

static enum status isprime_finish(const struct job *job, const struct tally *tally,
                                  struct outcome *outcome, struct fault *fault) {
  (void)fault;
  const struct search *search = job->state;
  uint64_t n = number_of(job);
  uint64_t factor = search->small_factor;
  if (factor == 0 && tally->minima[0] != UINT64_MAX) {
    factor = tally->minima[0];
  }
  bool prime = n >= 2 && factor == 0;
  json_object_set_new(outcome->answer, "n", json_sprintf("%" PRIu64, n));
  json_object_set_new(outcome->answer, "prime", json_boolean(prime));
  json_object_set_new(outcome->answer, "factor",
                      factor == 0 ? json_null() : json_sprintf("%" PRIu64, factor));
  uint64_t candidates = search->small_tried + tally->sums[0];
  json_object_set_new(outcome->facts, "candidates", json_integer((json_int_t)candidates));
  bool verdict = prime == is_prime_by_prime_bases(n);
  bool smallest = factor == 0 || factor == smallest_prime_factor(n);
  outcome->right = verdict && smallest;
  snprintf(outcome->check, sizeof outcome->check, "Miller-Rabin %s%s",
           verdict ? "agrees" : "DISAGREES",
           factor == 0 ? ""
           : smallest  ? "; Pollard's rho finds the same smallest factor"
                       : "; Pollard's rho finds ANOTHER smallest factor");
  return STATUS_OK;
}

static void isprime_brief(const json_t *answer, char *text, size_t size) {
  const char *factor = json_string_value(json_object_get(answer, "factor"));
  if (factor != NULL) {
    snprintf(text, size, "factor %s", factor);
  } else {
    snprintf(text, size, "%s",
             json_is_true(json_object_get(answer, "prime")) ? "prime" : "not prime");
  }
}

const struct workload isprime_workload = {
    .name = "isprime",
    .summary = "is N prime? its smallest factor, with early exit",
    .item = "divisor",
    .example = "100109100129101027",
    .options = options,
    .parameters_size = sizeof(struct isprime),
    .items = isprime_items,
    .prepare = isprime_prepare,
    .grain = isprime_grain,
    .shape = isprime_shape,
    .run = isprime_run,
    .finish = isprime_finish,
    .brief = isprime_brief,
    .release = isprime_release,
};
