/* pi: Monte Carlo. Darts in the unit square; pi = 4 hits / samples. */
#include "kernels/pi.h"

#include <math.h>
#include <stdio.h>

#include "kernels/philox.h"
#include "workloads/workload.h"

static const double PI = 3.14159265358979323846;

struct pi {
  uint64_t samples;
  const char *rng;
};

static const struct option_row options[] = {
    {"--samples", OPTION_COUNT, offsetof(struct pi, samples), "N", "1e8", NULL, 1, 0, false,
     "darts to throw"},
    {"--rng", OPTION_CHOICE, offsetof(struct pi, rng), NULL, "philox", PI_GENERATOR_NAMES, 0, 0,
     false, "random numbers: philox by counter, xoshiro (faster) in blocks started by counter"},
    {0},
};

static bool pi_enlarge(void *parameters, uint64_t factor) {
  struct pi *job = parameters;
  return !__builtin_mul_overflow(job->samples, factor, &job->samples);
}

static uint64_t pi_items(const struct job *job) {
  return ((const struct pi *)job->parameters)->samples;
}

static const struct pi_generator *generator_of(const struct job *job) {
  return pi_generator_find(((const struct pi *)job->parameters)->rng);
}

static uint64_t pi_grain(const struct job *job) {
  return generator_of(job)->grain;
}

static struct tally_shape pi_shape(const struct job *job) {
  (void)job;
  return (struct tally_shape){.sums = 1};
}

static enum status pi_run(const struct job *job, struct range range, struct tally *tally,
                          struct fault *fault) {
  (void)fault;
  tally->sums[0] += generator_of(job)->hits(job->seed, range.lo, range.hi);
  return STATUS_OK;
}

/* A random block of samples, counted by the fast loop and one by one by the definition. */
static bool block_agrees(const struct job *job) {
  enum { BLOCK = 20000 };
  uint64_t samples = pi_items(job);
  uint64_t length = samples < BLOCK ? samples : BLOCK;
  uint64_t draw = philox_block(~job->seed, samples).word[0];
  uint64_t lo = draw * 0x100000001 % (samples - length + 1);
  const struct pi_generator *generator = generator_of(job);
  return generator->hits(job->seed, lo, lo + length) ==
         pi_hits_by_definition(generator, job->seed, lo, lo + length);
}

static enum status pi_finish(const struct job *job, const struct tally *tally,
                             struct outcome *outcome, struct fault *fault) {
  (void)fault;
  double samples = (double)pi_items(job);
  double estimate = 4 * (double)tally->sums[0] / samples;
  /* From the true pi, never from the estimate: that would be 0 for a few samples that all hit. */
  double sigma = sqrt(PI * (4 - PI) / samples);
  json_object_set_new(outcome->answer, "hits", json_integer((json_int_t)tally->sums[0]));
  json_object_set_new(outcome->answer, "samples", json_integer((json_int_t)pi_items(job)));
  json_object_set_new(outcome->answer, "pi", json_real(estimate));
  json_object_set_new(outcome->facts, "standard_error", json_real(sigma));
  double off = fabs(estimate - PI) / sigma;
  bool near = off < 5;
  bool block = block_agrees(job);
  outcome->right = near && block;
  snprintf(outcome->check, sizeof outcome->check,
           "%.1f standard errors from pi%s; a random block of samples, drawn one by one, %s", off,
           near ? "" : " (5 allowed)", block ? "agrees" : "DIFFERS");
  return STATUS_OK;
}

static void pi_brief(const json_t *answer, char *text, size_t size) {
  snprintf(text, size, "%.8f", json_real_value(json_object_get(answer, "pi")));
}

const struct workload pi_workload = {
    .name = "pi",
    .summary = "pi by Monte Carlo, with counter-based random numbers",
    .item = "sample",
    .example = "--samples 1e9",
    .options = options,
    .parameters_size = sizeof(struct pi),
    .items = pi_items,
    .enlarge = pi_enlarge,
    .grain = pi_grain,
    .shape = pi_shape,
    .run = pi_run,
    .finish = pi_finish,
    .brief = pi_brief,
};
