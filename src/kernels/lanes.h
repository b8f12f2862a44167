/* Vectors of 64-bit integers for the files in kernels/clones/, as wide as the registers of the
   instruction set that a file is compiled for. GCC's vector extensions say almost all of it; the
   one thing they cannot is a multiply of 32 by 32 bits to 64, which every CPU has and which is
   three times as fast as the 64-bit multiply (SSE2 has no other). */
#pragma once

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define LANE_BYTES 64
#elif defined(__AVX2__)
#define LANE_BYTES 32
#else
#define LANE_BYTES 16
#endif

enum { LANES = LANE_BYTES / 8 };

typedef uint64_t lanes __attribute__((vector_size(LANE_BYTES)));
typedef uint32_t half_lanes __attribute__((vector_size(LANE_BYTES)));

/* a * b in each lane, of the low 32 bits of both; what is in the high 32 bits does not matter. */
static inline lanes multiply_low_halves(lanes a, lanes b) {
#if defined(__AVX512F__)
  return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__ARM_NEON)
  return (lanes)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
  return (a & 0xffffffff) * (b & 0xffffffff);
#endif
}

static inline lanes lanes_of(uint64_t value) {
  return value - (lanes){0};
}

/* 0, 1, 2, ... */
static inline lanes lane_numbers(void) {
  lanes numbers = {0};
  for (unsigned i = 0; i < LANES; i++) {
    numbers[i] = i;
  }
  return numbers;
}

static inline uint64_t lanes_sum(lanes v) {
  uint64_t sum = 0;
  for (unsigned i = 0; i < LANES; i++) {
    sum += v[i];
  }
  return sum;
}

/* 1 where the dart (x, y) misses the circle, else 0. The low halves hold x and y, below 2^31 each,
   so x*x + y*y < 2^63, which is below 2^62 just when bit 62 is clear. */
static inline lanes dart_misses(lanes x, lanes y) {
  return (multiply_low_halves(x, x) + multiply_low_halves(y, y)) >> 62;
}
