/* primes: the primes of a range, counted or added up. */
#include "kernels/primes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels/miller_rabin.h"
#include "kernels/philox.h"
#include "kernels/prime_theorem.h"
#include "workloads/workload.h"

struct primes {
  uint64_t lo, hi;
  char *kernel;
  bool sum, print;
  char *write;
};

static const struct option_row options[] = {
    {"LO", OPTION_INTEGER, offsetof(struct primes, lo), NULL, NULL, NULL, 0, 0, true,
     "the first number"},
    {"HI", OPTION_INTEGER, offsetof(struct primes, hi), NULL, NULL, NULL, 0, 0, true,
     "one past the last number"},
    {"--kernel", OPTION_CHOICE, offsetof(struct primes, kernel), NULL, "auto",
     "auto|sieve|mr|trial", 0, 0, false,
     "sieve (libprimesieve), Miller-Rabin, or the textbook's trial division"},
    {"--sum", OPTION_SWITCH, offsetof(struct primes, sum), NULL, NULL, NULL, 0, 0, false,
     "add the primes up too (slower than counting)"},
    {"--print", OPTION_SWITCH, offsetof(struct primes, print), NULL, NULL, NULL, 0, 0, false,
     "print the primes on stdout, in order (the report goes to stderr)"},
    {"--write", OPTION_TEXT, offsetof(struct primes, write), "FILE", NULL, NULL, 0, 0, false,
     "write the primes to a file, in order"},
    {0},
};

typedef enum status primes_kernel(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                                  struct fault *fault);

typedef enum status primes_lister(uint64_t lo, uint64_t hi, struct text *list, struct fault *fault);

struct kernel {
  const char *name;
  primes_kernel *run;
  primes_lister *list;
};

enum kernel_index { SIEVE, MILLER_RABIN, TRIAL };

static const struct kernel kernels[] = {
    [SIEVE] = {"sieve", primes_sieve, primes_sieve_list},
    [MILLER_RABIN] = {"mr", primes_miller_rabin, primes_miller_rabin_list},
    [TRIAL] = {"trial", primes_trial, primes_trial_list},
};

static const struct primes *parameters_of(const struct job *job) {
  return job->parameters;
}

static bool primes_enlarge(void *parameters, uint64_t factor) {
  struct primes *primes = parameters;
  uint64_t length;
  return !__builtin_mul_overflow(primes->hi - primes->lo, factor, &length) && length <= INT64_MAX &&
         !__builtin_add_overflow(primes->lo, length, &primes->hi);
}

static uint64_t primes_items(const struct job *job) {
  const struct primes *primes = parameters_of(job);
  return primes->hi - primes->lo;
}

/* A rank's share is sieved unless the sieve's set-up (0.4 ms at 1e12, 230 ms at 1e18) would take
   longer than Miller-Rabin on the share (30 ns a number): below about sqrt(hi)/100 numbers. */
static enum kernel_index choose_kernel(const struct job *job) {
  const struct primes *primes = parameters_of(job);
  for (enum kernel_index i = SIEVE; i <= TRIAL; i++) {
    if (strcmp(primes->kernel, kernels[i].name) == 0) {
      return i;
    }
  }
  double share = (double)(primes->hi - primes->lo) / (double)job->workers;
  return primes_have_sieve() && share > sqrt((double)primes->hi) / 100 ? SIEVE : MILLER_RABIN;
}

/* A sieve call's set-up grows with the root of HI, and a call far longer than its set-up takes is
   still better: a number in calls of 1.25e8, 1.3e8, 1e9 and 4e9 numbers takes 0.175, 0.152, 0.151,
   0.145 ns at 1e10, 0.261, 0.238, 0.230, 0.229 ns at 1e12; a call's set-up at 1e18 takes 0.23 s. */
static uint64_t efficient_call(const struct primes *primes) {
  double root = sqrt((double)primes->hi);
  return (uint64_t)fmax(1e9, fmin(100 * root, 2e10));
}

static uint64_t primes_grain(const struct job *job) {
  const struct primes *primes = parameters_of(job);
  switch (choose_kernel(job)) {
  case TRIAL:
    return 1; /* a number's cost cannot be foreseen: what the load-balance study is about */
  case MILLER_RABIN:
    return range_grain(primes_items(job), job->workers, 20000); /* set-up: a few microseconds */
  case SIEVE:
    break;
  }
  /* A seventh, 1.4e8 or more: below 1.26e8 numbers primesieve 11 goes without its large pre-sieve,
     and a number takes 14 to 30 % longer. */
  return range_grain(primes_items(job), job->workers, efficient_call(primes) / 7);
}

static uint64_t primes_shortest_call(const struct job *job) {
  uint64_t grain = primes_grain(job);
  uint64_t efficient = efficient_call(parameters_of(job));
  return choose_kernel(job) == SIEVE && efficient > grain ? efficient / grain * grain : grain;
}

/* Every kernel takes longer the larger the numbers are, trial division most: up to the root. */
static double primes_cost(const struct job *job, struct range range) {
  const struct primes *primes = parameters_of(job);
  double largest = (double)primes->lo + (double)range.hi;
  double length = (double)range_length(range);
  return choose_kernel(job) == TRIAL ? length * sqrt(largest) : length * log(1 + largest);
}

static enum status primes_validate(void *parameters, struct fault *fault) {
  const struct primes *primes = parameters;
  if (primes->lo > primes->hi) {
    return fault_set(fault, STATUS_USAGE,
                     "LO: %" PRIu64 " is above HI, %" PRIu64 ": accepted is LO <= HI", primes->lo,
                     primes->hi);
  }
  if (primes->hi - primes->lo > INT64_MAX) {
    return fault_set(fault, STATUS_USAGE, "HI: accepted are ranges of at most 2^63-1 numbers");
  }
  if (primes->print && primes->write != NULL) {
    return fault_set(fault, STATUS_USAGE, "--print and --write: accepted is one of them");
  }
  if (strcmp(primes->kernel, "sieve") == 0 && !primes_have_sieve()) {
    return fault_set(fault, STATUS_USAGE,
                     "--kernel: 'sieve' needs libprimesieve, which this build lacks: accepted are "
                     "auto, mr and trial");
  }
  return STATUS_OK;
}

static struct tally_shape primes_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1, .wide_sums = 1};
}

static enum status primes_run(const struct job *job, struct range range, struct tally *tally,
                              struct fault *fault) {
  const struct primes *primes = parameters_of(job);
  uint64_t count = 0;
  uint128_t sum = 0;
  enum status status = kernels[choose_kernel(job)].run(primes->lo + range.lo, primes->lo + range.hi,
                                                       &count, primes->sum ? &sum : NULL, fault);
  tally->sums[0] += count;
  tally->wide_sums[0] += sum;
  return status;
}

/* Count random stretches of the range again with Miller-Rabin on other bases, and look at the ends.
   The stretches are few where the kernel itself would be slow to ask. */
static bool check_stretches(const struct job *job, int stretches, uint64_t length,
                            enum status *status, struct fault *fault) {
  const struct primes *primes = parameters_of(job);
  uint64_t items = primes_items(job);
  length = items < length ? items : length;
  for (int i = 0; i < stretches; i++) {
    struct philox_block draw = philox_block(job->seed ^ primes->hi, (uint64_t)i);
    uint64_t random = (uint64_t)draw.word[1] << 32 | draw.word[0];
    uint64_t lo = primes->lo + random % (items - length + 1);
    uint64_t expected = 0;
    uint128_t expected_sum = 0;
    for (uint64_t n = lo; n < lo + length; n++) {
      if (is_prime_by_prime_bases(n)) {
        expected++;
        expected_sum += n;
      }
    }
    uint64_t count = 0;
    uint128_t sum = 0;
    *status =
        kernels[choose_kernel(job)].run(lo, lo + length, &count, primes->sum ? &sum : NULL, fault);
    if (*status != STATUS_OK || count != expected || (primes->sum && sum != expected_sum)) {
      return false;
    }
  }
  return true;
}

static enum status primes_finish(const struct job *job, const struct tally *tally,
                                 struct outcome *outcome, struct fault *fault) {
  const struct primes *primes = parameters_of(job);
  uint64_t count = tally->sums[0];
  uint64_t first = primes_first(primes->lo, primes->hi);
  uint64_t last = primes_last(primes->lo, primes->hi);
  json_object_set_new(outcome->answer, "count", json_integer((json_int_t)count));
  json_object_set_new(outcome->answer, "first",
                      first == 0 ? json_null() : json_sprintf("%" PRIu64, first));
  json_object_set_new(outcome->answer, "last",
                      last == 0 ? json_null() : json_sprintf("%" PRIu64, last));
  if (primes->sum) {
    char sum[UINT128_TEXT];
    json_object_set_new(outcome->answer, "sum",
                        json_string(uint128_text(tally->wide_sums[0], sum)));
  }
  enum kernel_index kernel = choose_kernel(job);
  json_object_set_new(outcome->facts, "kernel", json_string(kernels[kernel].name));

  /* Far out a sieve call is all set-up, whatever its length. */
  bool dear = kernel != MILLER_RABIN && primes->hi > UINT64_C(100000000000000);
  enum status status = STATUS_OK;
  bool stretches = check_stretches(job, dear ? 1 : 8, 1000, &status, fault);
  bool plausible = prime_count_is_plausible(primes->lo, primes->hi, count);
  bool ends = (count == 0) == (first == 0) && (count < 2) == (first == last);
  outcome->right = stretches && plausible && ends;
  snprintf(outcome->check, sizeof outcome->check,
           "random stretches counted by Miller-Rabin %s; the count %s the prime number theorem's%s",
           stretches ? "agree" : "DIFFER", plausible ? "is near" : "is FAR from",
           ends ? "" : "; first and last do NOT fit the count");
  return status;
}

static bool primes_list_wanted(const void *parameters, const char **path) {
  const struct primes *primes = parameters;
  *path = primes->write;
  return primes->print || primes->write != NULL;
}

/* Long enough for the sieve's set-up, short enough for memory: at 1e18 2e7 numbers are 10 MB. */
static uint64_t primes_list_length(const struct job *job) {
  const struct primes *primes = parameters_of(job);
  double length = fmin(fmax(1e6, sqrt((double)primes->hi) / 10), 2e7);
  return range_grain(primes_items(job), job->workers, (uint64_t)length);
}

static enum status primes_list(const struct job *job, struct range range, struct text *text,
                               struct fault *fault) {
  const struct primes *primes = parameters_of(job);
  return kernels[choose_kernel(job)].list(primes->lo + range.lo, primes->lo + range.hi, text,
                                          fault);
}

static void primes_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " primes",
           json_integer_value(json_object_get(answer, "count")));
}

const struct workload primes_workload = {
    .name = "primes",
    .summary = "count the primes in [LO, HI), or add them up",
    .item = "number",
    .example = "100000000 101000000 --sum",
    .options = options,
    .parameters_size = sizeof(struct primes),
    .validate = primes_validate,
    .items = primes_items,
    .enlarge = primes_enlarge,
    .grain = primes_grain,
    .shortest_call = primes_shortest_call,
    .cost = primes_cost,
    .shape = primes_shape,
    .run = primes_run,
    .finish = primes_finish,
    .list_wanted = primes_list_wanted,
    .list_length = primes_list_length,
    .list = primes_list,
    .brief = primes_brief,
};
