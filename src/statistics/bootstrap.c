#include "statistics/bootstrap.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats.h"
#include "kernels/philox.h"

enum { RESAMPLES = 9999 };

/* Random places. The key keeps them apart from those of other users of the generator. */
struct draws {
  uint64_t resample, next;
  struct philox_block block;
};

static size_t draw_place(struct draws *draws, size_t count) {
  const uint64_t key = UINT64_C(0xb0075724b0075724);
  if (draws->next % 4 == 0) {
    draws->block = philox_block_wide(key, draws->next / 4, draws->resample);
  }
  uint64_t word = draws->block.word[draws->next++ % 4];
  return (size_t)(word * count >> 32);
}

/* Samples in order, how often each was drawn, and where the caller's i-th stands among them: so a
   resample's median takes no sorting. */
struct sampler {
  size_t count;
  double *sorted;
  size_t *place;
  uint32_t *drawn;
};

static void sampler_close(struct sampler *sampler) {
  free(sampler->sorted);
  free(sampler->place);
  free(sampler->drawn);
}

/* The first place among sorted[count] that is not below value. */
static size_t find_place(const double *sorted, size_t count, double value) {
  size_t low = 0;
  size_t high = count - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static bool sampler_open(struct sampler *sampler, const double *samples, size_t count) {
  *sampler = (struct sampler){.count = count,
                              .sorted = malloc(count * sizeof *sampler->sorted),
                              .place = malloc(count * sizeof *sampler->place),
                              .drawn = malloc(count * sizeof *sampler->drawn)};
  if (sampler->sorted == NULL || sampler->place == NULL || sampler->drawn == NULL) {
    return false;
  }
  memcpy(sampler->sorted, samples, count * sizeof *samples);
  stats_sort(sampler->sorted, count);
  for (size_t i = 0; i < count; i++) {
    sampler->place[i] = find_place(sampler->sorted, count, samples[i]);
  }
  return true;
}

/* The k-th smallest, from 0, of what was drawn. */
static double drawn_value(const struct sampler *sampler, size_t k) {
  size_t i = 0;
  for (size_t below = sampler->drawn[0]; below <= k; below += sampler->drawn[i]) {
    i++;
  }
  return sampler->sorted[i];
}

static double drawn_median(const struct sampler *sampler) {
  size_t count = sampler->count;
  return (drawn_value(sampler, (count - 1) / 2) + drawn_value(sampler, count / 2)) / 2;
}

static double median(const struct sampler *sampler) {
  size_t count = sampler->count;
  return (sampler->sorted[(count - 1) / 2] + sampler->sorted[count / 2]) / 2;
}

struct group_sampler {
  struct sampler over, under; /* under.count 0: none */
  bool in_rounds;
};

static bool group_open(struct group_sampler *sampler, const struct group *group) {
  *sampler = (struct group_sampler){.in_rounds = group->under != NULL &&
                                                 group->over_count == group->under_count};
  return sampler_open(&sampler->over, group->over, group->over_count) &&
         (group->under == NULL || sampler_open(&sampler->under, group->under, group->under_count));
}

static void group_close(struct group_sampler *sampler) {
  sampler_close(&sampler->over);
  sampler_close(&sampler->under);
}

static double group_value(const struct group_sampler *sampler) {
  return median(&sampler->over) / (sampler->under.count == 0 ? 1 : median(&sampler->under));
}

static double group_resample(struct group_sampler *sampler, struct draws *draws) {
  struct sampler *over = &sampler->over;
  struct sampler *under = &sampler->under;
  memset(over->drawn, 0, over->count * sizeof *over->drawn);
  if (under->count > 0) {
    memset(under->drawn, 0, under->count * sizeof *under->drawn);
  }
  for (size_t i = 0; i < over->count; i++) {
    size_t chosen = draw_place(draws, over->count);
    over->drawn[over->place[chosen]]++;
    if (sampler->in_rounds) {
      under->drawn[under->place[chosen]]++;
    }
  }
  for (size_t i = 0; !sampler->in_rounds && i < under->count; i++) {
    under->drawn[under->place[draw_place(draws, under->count)]]++;
  }
  return drawn_median(over) / (under->count == 0 ? 1 : drawn_median(under));
}

struct ratio bootstrap_ratio(const struct group *numerator, const struct group *denominator,
                             double confidence) {
  struct ratio ratio = {NAN, NAN, NAN};
  struct group_sampler above = {0};
  struct group_sampler below = {0};
  double *values = malloc(RESAMPLES * sizeof *values);
  if (values != NULL && group_open(&above, numerator) && group_open(&below, denominator)) {
    for (size_t i = 0; i < RESAMPLES; i++) {
      struct draws draws = {.resample = i};
      double resampled = group_resample(&above, &draws);
      values[i] = resampled / group_resample(&below, &draws);
    }
    stats_sort(values, RESAMPLES);
    ratio = (struct ratio){
        .value = group_value(&above) / group_value(&below),
        .low = stats_quantile(values, RESAMPLES, (1 - confidence) / 2),
        .high = stats_quantile(values, RESAMPLES, (1 + confidence) / 2),
    };
  }
  group_close(&above);
  group_close(&below);
  free(values);
  return ratio;
}
