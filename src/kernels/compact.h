/* Keeping the values that are at most a limit, in order: the step between a vectorised loop over
   all samples and dearer work on the few that matter. Included by clones, each gets its own ISA's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

/* kept[] may be written this far beyond its last value. */
enum { COMPACT_SLACK = 8 };

/* Copy the values[count] that are <= limit to kept[count + COMPACT_SLACK], which may be values
   itself; returns how many there are. No branch depends on the values. */
static inline size_t compact_at_most(const double *values, size_t count, double limit,
                                     double *kept) {
  size_t found = 0;
  size_t i = 0;
#if defined(__AVX512F__)
  for (; i + 8 <= count; i += 8) {
    __m512d v = _mm512_loadu_pd(values + i);
    __mmask8 mask = _mm512_cmp_pd_mask(v, _mm512_set1_pd(limit), _CMP_LE_OQ);
    /* Packed in a register first: a compressing store takes many times as long. */
    _mm512_storeu_pd(kept + found, _mm512_maskz_compress_pd(mask, v));
    found += (size_t)__builtin_popcount(mask);
  }
#elif defined(__AVX2__)
/* Positions, as pairs of 32-bit words, of the doubles that a mask of four keeps. */
#define PAIR(a) 2 * (a), 2 * (a) + 1
  static const int32_t order[16][8] __attribute__((aligned(32))) = {
      {0},
      {PAIR(0)},
      {PAIR(1)},
      {PAIR(0), PAIR(1)},
      {PAIR(2)},
      {PAIR(0), PAIR(2)},
      {PAIR(1), PAIR(2)},
      {PAIR(0), PAIR(1), PAIR(2)},
      {PAIR(3)},
      {PAIR(0), PAIR(3)},
      {PAIR(1), PAIR(3)},
      {PAIR(0), PAIR(1), PAIR(3)},
      {PAIR(2), PAIR(3)},
      {PAIR(0), PAIR(2), PAIR(3)},
      {PAIR(1), PAIR(2), PAIR(3)},
      {PAIR(0), PAIR(1), PAIR(2), PAIR(3)},
  };
#undef PAIR
  for (; i + 4 <= count; i += 4) {
    __m256d v = _mm256_loadu_pd(values + i);
    int mask = _mm256_movemask_pd(_mm256_cmp_pd(v, _mm256_set1_pd(limit), _CMP_LE_OQ));
    __m256 packed = _mm256_permutevar8x32_ps(
        _mm256_castpd_ps(v), _mm256_load_si256((const __m256i *)(const void *)order[mask]));
    _mm256_storeu_pd(kept + found, _mm256_castps_pd(packed));
    found += (size_t)__builtin_popcount((unsigned)mask);
  }
#endif
  for (; i < count; i++) {
    double value = values[i];
    kept[found] = value;
    found += value <= limit;
  }
  return found;
}
