/* isprime: is one number prime? Trial division, the divisors up to the root split over the ranks;
   whoever finds one tells the others. Beyond 64 bits no search reaches the root: there a primality
   test gives the verdict, and composites are searched for a factor up to a limit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/number.h"
#include "core/uint128.h"
#include "kernels/bpsw.h"
#include "kernels/divisor.h"
#include "kernels/miller_rabin.h"
#include "kernels/pollard_rho.h"
#include "workloads/workload.h"

struct isprime {
  uint128_t n;
  uint64_t limit;
  char *precheck;
};

static const struct option_row options[] = {
    {"N...", OPTION_WIDE, offsetof(struct isprime, n), NULL, NULL, NULL, 0, 0, true,
     "a number below 2^128; each one is a job of its own"},
    {"--limit", OPTION_INTEGER, offsetof(struct isprime, limit), "D", NULL, NULL, 1, INT64_MAX,
     false, "search factors up to D [the root; from 2^64 on 1e9]"},
    {"--precheck", OPTION_CHOICE, offsetof(struct isprime, precheck), NULL, "on", "on|off", 0, 0,
     false, "try the divisors below 21 first, on every rank, before any work is shared out"},
    {0},
};

/* Divisors below this are tried before any work is handed out: most numbers have a small factor.
   Without that check they are shared out too. */
enum { FIRST_DIVISOR = 2, FIRST_UNCHECKED = 21 };

static const uint64_t WIDE_LIMIT = 1000000000; /* --limit for numbers of more than 64 bits */

struct search {
  uint64_t small_factor; /* found by the serial check, or 0 */
  uint64_t small_tried;
  uint64_t first;      /* of the divisors that are shared out: item 0 */
  uint64_t divisors;   /* so many are */
  bool exhaustive;     /* the search reaches the root: its verdict is the answer */
  enum primality test; /* the verdict where it is not */
};

static const struct isprime *parameters_of(const struct job *job) {
  return job->parameters;
}

static bool is_wide(uint128_t n) {
  return n >> 64 != 0;
}

static uint64_t integer_root(uint128_t n) {
  uint64_t root = 0;
  for (uint64_t bit = UINT64_C(1) << 63; bit != 0; bit >>= 1) {
    if ((uint128_t)(root + bit) * (root + bit) <= n) {
      root += bit;
    }
  }
  return root;
}

static enum status isprime_prepare(struct job *job, struct fault *fault) {
  const struct isprime *isprime = parameters_of(job);
  struct search *search = calloc(1, sizeof *search);
  if (search == NULL) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  job->state = search;
  uint128_t n = isprime->n;
  uint64_t root = integer_root(n);
  uint64_t limit = isprime->limit != 0 ? isprime->limit : is_wide(n) ? WIDE_LIMIT : UINT64_MAX;
  uint64_t last = root < limit ? root : limit;
  search->exhaustive = last == root;
  if (!search->exhaustive) {
    search->test = primality_128(n);
  }
  search->first = strcmp(isprime->precheck, "off") == 0 ? FIRST_DIVISOR : FIRST_UNCHECKED;
  uint64_t checked = last < search->first ? last + 1 : search->first;
  if (checked > FIRST_DIVISOR) {
    search->small_factor = divisor_find_128(n, FIRST_DIVISOR, checked, &search->small_tried);
  }
  bool known_prime = !search->exhaustive && search->test != COMPOSITE;
  if (search->small_factor == 0 && last >= search->first && !known_prime) {
    search->divisors = last - search->first + 1;
  }
  return STATUS_OK;
}

static void isprime_release(struct job *job) {
  free(job->state);
  job->state = NULL;
}

/* Before a search that may be long: how long, from a stretch at its end, where it is slowest. */
static void isprime_note(const struct job *job, char *text, size_t size) {
  const struct search *search = job->state;
  enum { LEAST = 1000000, STRETCH = LEAST / 3 };
  if (search->exhaustive || search->divisors < LEAST) {
    return;
  }
  uint64_t tried = 0;
  uint64_t end = search->first + search->divisors;
  double stretch = INFINITY; /* of the one that was disturbed least */
  for (int i = 0; i < 3; i++) {
    double start = clock_seconds();
    divisor_find_128(parameters_of(job)->n, end - STRETCH, end, &tried);
    stretch = fmin(stretch, clock_seconds() - start);
  }
  double seconds = stretch / STRETCH * (double)search->divisors;
  char number[UINT128_TEXT];
  char time[NUMBER_TEXT];
  if (seconds < 0.5) {
    return;
  }
  snprintf(text, size, "%s is composite; searching for a factor below %llu, about %s on one core",
           uint128_text(parameters_of(job)->n, number), (unsigned long long)end,
           number_time_text(seconds, time));
}

static uint64_t isprime_items(const struct job *job) {
  return ((const struct search *)job->state)->divisors;
}

static uint64_t isprime_grain(const struct job *job) {
  /* Eight of the kernel's longest blocks, a few microseconds; shorter calls cost more a divisor. */
  const uint64_t efficient = UINT64_C(8) * 64 * 210;
  return job->poll != 0 && job->poll < efficient ? job->poll : efficient;
}

static struct tally_shape isprime_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .minima = 1};
}

static enum status isprime_run(const struct job *job, struct range range, struct tally *tally,
                               struct fault *fault) {
  (void)fault;
  uint128_t n = parameters_of(job)->n;
  uint64_t first = ((const struct search *)job->state)->first;
  uint64_t d = divisor_find_128(n, first + range.lo, first + range.hi, &tally->sums[0]);
  if (d != 0) {
    tally->minima[0] = d < tally->minima[0] ? d : tally->minima[0];
    /* Two prime factors: d is the smaller one, nothing is left to look for. Otherwise a smaller
       divisor may hide in a range below this one, and only what is above d can be dropped. */
    bool final = is_prime(d) && primality_128(n / d) != COMPOSITE;
    uint64_t limit = final ? 0 : d - first;
    tally->limit = limit < tally->limit ? limit : tally->limit;
  }
  return STATUS_OK;
}

/* The verdict by tests that had no part in the answer. */
static bool verdict_is_confirmed(uint128_t n, bool prime) {
  if (!is_wide(n)) {
    return prime == is_prime_by_prime_bases((uint64_t)n);
  }
  static const uint32_t bases[] = {43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97};
  bool passes = n % 2 != 0 && passes_strong_lucas(n);
  for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
    passes = passes && passes_miller_rabin_128(n, bases[i]);
  }
  return prime == passes;
}

static bool factor_is_confirmed(uint128_t n, uint64_t factor) {
  if (!is_wide(n)) {
    return factor == smallest_prime_factor((uint64_t)n);
  }
  return n % factor == 0 && is_prime_by_prime_bases(factor);
}

static enum status isprime_finish(const struct job *job, const struct tally *tally,
                                  struct outcome *outcome, struct fault *fault) {
  (void)fault;
  const struct search *search = job->state;
  uint128_t n = parameters_of(job)->n;
  uint64_t factor = search->small_factor;
  if (factor == 0 && tally->minima[0] != UINT64_MAX) {
    factor = tally->minima[0];
  }
  bool prime = n >= 2 && factor == 0 && (search->exhaustive || search->test != COMPOSITE);
  bool proven = search->exhaustive || factor != 0 || search->test != PROBABLE_PRIME;
  char number[UINT128_TEXT];
  json_object_set_new(outcome->answer, "n", json_string(uint128_text(n, number)));
  json_object_set_new(outcome->answer, "prime", json_boolean(prime));
  json_object_set_new(outcome->answer, "factor",
                      factor == 0 ? json_null() : json_string(uint128_text(factor, number)));
  if (is_wide(n)) {
    json_object_set_new(outcome->answer, "proven", json_boolean(proven));
  }
  uint64_t candidates = search->small_tried + tally->sums[0];
  json_object_set_new(outcome->facts, "candidates", json_integer((json_int_t)candidates));
  bool verdict = verdict_is_confirmed(n, prime);
  bool right_factor = factor == 0 || factor_is_confirmed(n, factor);
  outcome->right = verdict && right_factor;
  snprintf(outcome->check, sizeof outcome->check, "%s %s%s%s%s",
           is_wide(n) ? "Miller-Rabin and Lucas tests" : "Miller-Rabin",
           verdict ? (is_wide(n) ? "agree" : "agrees") : "DISAGREE", factor == 0 ? "" : "; ",
           factor == 0  ? ""
           : is_wide(n) ? "the factor is prime and divides"
                        : "Pollard's rho finds the same smallest factor",
           right_factor ? "" : ": NO");
  return STATUS_OK;
}

static void isprime_brief(const json_t *answer, char *text, size_t size) {
  const char *factor = json_string_value(json_object_get(answer, "factor"));
  bool prime = json_is_true(json_object_get(answer, "prime"));
  bool proven = !json_is_false(json_object_get(answer, "proven"));
  if (factor != NULL) {
    snprintf(text, size, "factor %s", factor);
  } else {
    snprintf(text, size, "%s", !prime ? "not prime" : proven ? "prime" : "probable prime");
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
    .note = isprime_note,
    .grain = isprime_grain,
    .shape = isprime_shape,
    .run = isprime_run,
    .finish = isprime_finish,
    .brief = isprime_brief,
    .release = isprime_release,
};
