/* Vectors as wide as the instruction set that a file of kernels/clones/ is compiled for, and the
   few operations on them that gcc's and clang's vector types cannot say in one instruction. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define LANES_BYTES 64
#elif defined(__AVX2__)
#define LANES_BYTES 32
#else
#define LANES_BYTES 16
#endif

typedef double real_lanes __attribute__((vector_size(LANES_BYTES)));
typedef uint64_t word_lanes __attribute__((vector_size(LANES_BYTES)));
typedef uint32_t half_lanes __attribute__((vector_size(LANES_BYTES)));
typedef int32_t signed_half_lanes __attribute__((vector_size(LANES_BYTES)));

enum { WORD_LANES = LANES_BYTES / 8, HALF_LANES = LANES_BYTES / 4 };

/* The 64-bit product of the low 32 bits of each lane. */
static inline word_lanes lanes_multiply_low(word_lanes a, word_lanes b) {
#if defined(__AVX512F__)
  return (word_lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (word_lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (word_lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
  return (word_lanes)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
  return (a & UINT32_MAX) * (b & UINT32_MAX);
#endif
}

static inline word_lanes lanes_of(uint64_t value) {
  return value - (word_lanes){0};
}

/* 0, 1, 2, ... */
static inline word_lanes lanes_numbers(void) {
  word_lanes numbers = {0};
  for (unsigned i = 0; i < WORD_LANES; i++) {
    numbers[i] = i;
  }
  return numbers;
}

static inline uint64_t lanes_sum(word_lanes v) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < WORD_LANES; i++) {
    sum += v[i];
  }
  return sum;
}

/* a[0], b[0], a[1], b[1], ...: the first and the second half of it. */
static inline void lanes_interleave(real_lanes a, real_lanes b, real_lanes *first,
                                    real_lanes *second) {
#if LANES_BYTES == 64
  *first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  *second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif LANES_BYTES == 32
  *first = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  *second = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
  *first = __builtin_shufflevector(a, b, 0, 2);
  *second = __builtin_shufflevector(a, b, 1, 3);
#endif
}

/* Any address. */
static inline real_lanes lanes_load(const double *from) {
  real_lanes v;
  memcpy(&v, from, sizeof v);
  return v;
}

/* Store past the caches, where the CPU can; `to` is a multiple of LANES_BYTES. Such stores are seen
   by others in no order until lanes_stream_end(). */
static inline void lanes_stream(double *to, real_lanes v) {
#if defined(__AVX512F__)
  _mm512_stream_pd(to, (__m512d)v);
#elif defined(__AVX2__)
  _mm256_stream_pd(to, (__m256d)v);
#elif defined(__SSE2__)
  _mm_stream_pd(to, (__m128d)v);
#else
  memcpy(to, &v, sizeof v);
#endif
}

static inline void lanes_stream_end(void) {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

/* Gather evidence that some t was below limit: start with lanes_none_below(), fold every t in, and
   ask at the end. Where there is a minimum instruction, its running value is the evidence;
   elsewhere it is the union of the comparisons. */
static inline signed_half_lanes lanes_none_below(void) {
  signed_half_lanes none = {0};
#if defined(__AVX2__)
  none += INT32_MAX;
#endif
  return none;
}

static inline signed_half_lanes lanes_fold_below(signed_half_lanes evidence, signed_half_lanes t,
                                                 signed_half_lanes limit) {
#if defined(__AVX512F__)
  (void)limit;
  return (signed_half_lanes)_mm512_min_epi32((__m512i)evidence, (__m512i)t);
#elif defined(__AVX2__)
  (void)limit;
  return (signed_half_lanes)_mm256_min_epi32((__m256i)evidence, (__m256i)t);
#else
  return evidence | (t < limit);
#endif
}

/* Lane by lane, as bits. */
static inline uint32_t lanes_were_below(signed_half_lanes evidence, signed_half_lanes limit) {
#if defined(__AVX512F__)
  return _mm512_cmplt_epi32_mask((__m512i)evidence, (__m512i)limit);
#elif defined(__AVX2__)
  return (uint32_t)_mm256_movemask_ps((__m256)(evidence < limit));
#elif defined(__SSE2__)
  (void)limit;
  return (uint32_t)_mm_movemask_ps((__m128)evidence);
#else
  (void)limit;
  uint32_t bits = 0;
  for (int lane = 0; lane < HALF_LANES; lane++) {
    bits |= (uint32_t)(evidence[lane] & 1) << lane;
  }
  return bits;
#endif
}
