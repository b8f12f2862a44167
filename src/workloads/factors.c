/* factors: the smallest factor of every number of a range, and the divisions it takes to find it:
   how often each factor is met, and what testing n costs against n. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/factors_job.h"

static const struct option_row options[] = {
    {"LO", OPTION_INTEGER, offsetof(struct factors, lo), NULL, NULL, NULL, 2, FACTORS_HI_MOST, true,
     "the first number, 2 or more: 0 and 1 are neither prime nor composite"},
    {"HI", OPTION_INTEGER, offsetof(struct factors, hi), NULL, NULL, NULL, 3, FACTORS_HI_MOST, true,
     "one past the last number, up to 1e12"},
    {"--limit", OPTION_COUNT, offsetof(struct factors, limit), "P", "100", NULL, 2, 1000000, false,
     "count the smallest factors up to P one by one, larger ones together"},
    {"--bins", OPTION_COUNT, offsetof(struct factors, bins), "B", "20", NULL, 1, 100000, false,
     "cut the range into B equal parts, to see the cost grow with n"},
    {"--kernel", OPTION_CHOICE, offsetof(struct factors, kernel), NULL, "sieve", "sieve|trial", 0,
     0, false,
     "sieve the factors, and derive the divisions; or divide, the textbook's trial division"},
    {0},
};

static const struct factors *parameters_of(const struct job *job) {
  return job->parameters;
}

static uint64_t count_numbers(const struct factors *factors) {
  return factors->hi - factors->lo;
}

struct factors_layout factors_layout(const struct factors_table *table) {
  size_t counts = table->classes + 1;
  return (struct factors_layout){.larger_divisions = counts, .bins = counts + 1};
}

uint64_t factors_bins(const struct factors *factors) {
  uint64_t numbers = count_numbers(factors);
  return factors->bins < numbers ? factors->bins : numbers;
}

struct range factors_bin(const struct factors *factors, uint64_t bin) {
  struct range share = range_share(count_numbers(factors), 1, bin, factors_bins(factors));
  return (struct range){factors->lo + share.lo, factors->lo + share.hi};
}

/* Where a number is found: the first bins are the longer ones, by one. */
static uint64_t bin_of(const struct factors *factors, uint64_t n) {
  uint64_t bins = factors_bins(factors);
  uint64_t length = count_numbers(factors) / bins;
  uint64_t longer = count_numbers(factors) % bins;
  uint64_t place = n - factors->lo;
  return place < longer * (length + 1) ? place / (length + 1) : (place - longer) / length;
}

factors_kernel *factors_kernel_of(const struct factors *factors) {
  return strcmp(factors->kernel, "trial") == 0 ? factors_trial : factors_sieve;
}

static enum status factors_validate(void *parameters, struct fault *fault) {
  const struct factors *factors = parameters;
  return factors->lo < factors->hi
             ? STATUS_OK
             : fault_set(fault, STATUS_USAGE,
                         "LO: %" PRIu64 " is not below HI, %" PRIu64 ": accepted is LO < HI",
                         factors->lo, factors->hi);
}

static bool factors_enlarge(void *parameters, uint64_t factor) {
  struct factors *factors = parameters;
  uint64_t numbers = count_numbers(factors);
  if (factor > (FACTORS_HI_MOST - factors->lo) / numbers) {
    return false;
  }
  factors->hi = factors->lo + factor * numbers;
  return true;
}

static enum status factors_prepare(struct job *job, struct fault *fault) {
  const struct factors *factors = parameters_of(job);
  struct factors_table *table = calloc(1, sizeof *table);
  job->state = table;
  return table == NULL ? fault_set(fault, STATUS_FAILED, "out of memory")
                       : factors_table_init(table, factors->hi, factors->limit, fault);
}

static void factors_release(struct job *job) {
  if (job->state != NULL) {
    factors_table_free(job->state);
    free(job->state);
    job->state = NULL;
  }
}

static uint64_t factors_items(const struct job *job) {
  return count_numbers(parameters_of(job));
}

static bool divides(const struct job *job) {
  return factors_kernel_of(parameters_of(job)) == factors_trial;
}

/* A number's divisions cannot be foreseen. The sieve looks at every prime once in so many numbers.
 */
static uint64_t factors_grain(const struct job *job) {
  return divides(job) ? 1 : range_grain(factors_items(job), job->workers, 1 << 17);
}

/* Dividing goes up to the root; the sieve does a little for every number. */
static double factors_cost(const struct job *job, struct range range) {
  double largest = (double)parameters_of(job)->lo + (double)range.hi;
  return (double)range_length(range) * (divides(job) ? sqrt(largest) : 1);
}

static struct tally_shape factors_shape(const struct job *job) {
  uint64_t bins = factors_bins(parameters_of(job));
  return (struct tally_shape){.sums = factors_layout(job->state).bins + BIN_SUMS * bins,
                              .minima = bins};
}

static void run_in_bin(const struct job *job, uint64_t bin, struct range numbers,
                       struct tally *tally) {
  const struct factors_table *table = job->state;
  struct factors_layout layout = factors_layout(table);
  struct factors_sums sums = {.of_class = tally->sums};
  uint64_t *of_bin = tally->sums + layout.bins + BIN_SUMS * bin;
  factors_kernel_of(parameters_of(job))(table, numbers.lo, numbers.hi, &sums);
  tally->sums[layout.larger_divisions] += sums.larger_divisions;
  of_bin[BIN_PRIMES] += sums.primes;
  of_bin[BIN_PRIME_DIVISIONS] += sums.prime_divisions;
  of_bin[BIN_COMPOSITE_DIVISIONS] += sums.composite_divisions;
  tally->minima[bin] = ~sums.most < tally->minima[bin] ? ~sums.most : tally->minima[bin];
}

static enum status factors_run(const struct job *job, struct range range, struct tally *tally,
                               struct fault *fault) {
  (void)fault;
  const struct factors *factors = parameters_of(job);
  uint64_t hi = factors->lo + range.hi;
  for (uint64_t n = factors->lo + range.lo; n < hi;) {
    uint64_t bin = bin_of(factors, n);
    uint64_t end = factors_bin(factors, bin).hi;
    end = end < hi ? end : hi;
    run_in_bin(job, bin, (struct range){n, end}, tally);
    n = end;
  }
  return STATUS_OK;
}

struct factors_bin_tally factors_bin_tally(const struct job *job, const struct tally *tally,
                                           uint64_t bin) {
  const uint64_t *sums = tally->sums + factors_layout(job->state).bins + BIN_SUMS * bin;
  struct range numbers = factors_bin(parameters_of(job), bin);
  return (struct factors_bin_tally){.numbers = numbers,
                                    .primes = sums[BIN_PRIMES],
                                    .prime_divisions = sums[BIN_PRIME_DIVISIONS],
                                    .composites = range_length(numbers) - sums[BIN_PRIMES],
                                    .composite_divisions = sums[BIN_COMPOSITE_DIVISIONS],
                                    .most = ~tally->minima[bin]};
}

static enum status factors_finish(const struct job *job, const struct tally *tally,
                                  struct outcome *outcome, struct fault *fault) {
  (void)fault;
  factors_answer(job, tally, outcome->answer);
  outcome->right = factors_check(job, tally, outcome->check, sizeof outcome->check);
  return STATUS_OK;
}

static void factors_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%" JSON_INTEGER_FORMAT " divisions",
           json_integer_value(json_object_get(answer, "divisions")));
}

const struct workload factors_workload = {
    .name = "factors",
    .summary = "the smallest factors of the numbers in [LO, HI), and the divisions to find them",
    .item = "number",
    .example = "10000 1000000",
    .options = options,
    .parameters_size = sizeof(struct factors),
    .validate = factors_validate,
    .enlarge = factors_enlarge,
    .prepare = factors_prepare,
    .items = factors_items,
    .grain = factors_grain,
    .cost = factors_cost,
    .shape = factors_shape,
    .run = factors_run,
    .finish = factors_finish,
    .tabulate = factors_tabulate,
    .brief = factors_brief,
    .release = factors_release,
};
