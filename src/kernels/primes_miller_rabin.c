/* Primes of a range far from 0: small primes strike out most numbers, Miller-Rabin settles the
   rest. Unlike a full sieve it needs no primes up to the root of hi, so that a short range costs
   little wherever it lies. */
#include "kernels/primes.h"

#include <string.h>

#include "kernels/miller_rabin.h"

enum {
  SEGMENT = 1 << 15,        /* odd numbers struck at a time: fits the first-level cache */
  STRIKERS_BELOW = 1 << 16, /* twelve times as many would spare a fifth of the tests */
  MOST_STRIKERS = 6541,     /* odd primes below 2^16 */
};

/* Odd primes, and for each the index in the present segment of the next number it strikes. */
struct strikers {
  size_t count;
  uint64_t below; /* all odd primes below this are there */
  uint32_t prime[MOST_STRIKERS];
  uint32_t next[MOST_STRIKERS];
};

/* The segments: number first + 2 i is struck[i]. Survivors wait for a full batch. */
struct sweep {
  uint64_t count;
  uint128_t sum;
  struct text *list; /* every prime gets a line; NULL: none is wanted */
  bool out_of_memory;
  uint64_t waiting[BASE_2_BATCH];
  unsigned waiting_count;
  unsigned char struck[SEGMENT];
};

/* A striker p spares 0.56 tests of some 100 ns in p ln p numbers and costs about 8 ns to set up, so
   it pays up to p of half the range's length. Nothing is gained past the root of hi. */
static uint64_t choose_limit(uint64_t lo, uint64_t hi) {
  uint64_t limit = (hi - lo) / 2 + 64;
  limit = limit < STRIKERS_BELOW ? limit : STRIKERS_BELOW;
  while (limit > 64 && (limit / 2) * (limit / 2) >= hi) {
    limit /= 2;
  }
  return limit;
}

static void find_strikers(struct strikers *strikers, uint64_t first, uint64_t below) {
  unsigned char composite[STRIKERS_BELOW / 2];
  memset(composite, 0, below / 2);
  strikers->count = 0;
  strikers->below = below;
  for (uint64_t p = 3; p < below; p += 2) {
    if (composite[p / 2]) {
      continue;
    }
    for (uint64_t multiple = p * p; multiple < below; multiple += 2 * p) {
      composite[multiple / 2] = 1;
    }
    /* Where first + 2 i is a multiple of p, but p itself is not struck. */
    uint64_t gap = (p - first % p) % p;
    uint64_t next = (gap % 2 == 0 ? gap : gap + p) / 2;
    if (p * p > first) {
      next = (p * p - first) / 2;
    }
    strikers->prime[strikers->count] = (uint32_t)p;
    strikers->next[strikers->count] = (uint32_t)next;
    strikers->count++;
  }
}

static void strike(struct sweep *sweep, struct strikers *strikers, uint64_t length) {
  memset(sweep->struck, 0, length);
  for (size_t s = 0; s < strikers->count; s++) {
    uint64_t i = strikers->next[s];
    for (; i < length; i += strikers->prime[s]) {
      sweep->struck[i] = 1;
    }
    strikers->next[s] = (uint32_t)(i - length);
  }
}

static void add(struct sweep *sweep, uint64_t prime) {
  sweep->count++;
  sweep->sum += prime;
  if (sweep->list != NULL && !text_add_line(sweep->list, prime)) {
    sweep->out_of_memory = true;
  }
}

static void test_waiting(struct sweep *sweep) {
  unsigned count = sweep->waiting_count;
  if (count == 0) {
    return;
  }
  for (unsigned j = count; j < BASE_2_BATCH; j++) {
    sweep->waiting[j] = sweep->waiting[0];
  }
  unsigned passed = passes_base_2(sweep->waiting) & ((1U << count) - 1);
  for (; passed != 0; passed &= passed - 1) {
    uint64_t n = sweep->waiting[__builtin_ctz(passed)];
    if (is_prime_after_base_2(n)) {
      add(sweep, n);
    }
  }
  sweep->waiting_count = 0;
}

static void settle_survivors(struct sweep *sweep, uint64_t first, uint64_t length,
                             uint64_t proven_below) {
  for (uint64_t i = 0; i < length; i++) {
    if (sweep->struck[i]) {
      continue;
    }
    uint64_t n = first + 2 * i;
    if (n < proven_below) {
      add(sweep, n);
      continue;
    }
    sweep->waiting[sweep->waiting_count++] = n;
    if (sweep->waiting_count == BASE_2_BATCH) {
      test_waiting(sweep);
    }
  }
}

static void sweep_range(struct sweep *sweep, uint64_t lo, uint64_t hi, struct text *list) {
  sweep->count = 0;
  sweep->sum = 0;
  sweep->list = list;
  sweep->out_of_memory = false;
  sweep->waiting_count = 0;
  if (lo <= 2 && 2 < hi) {
    add(sweep, 2);
  }
  uint64_t first = lo < 3 ? 3 : lo | 1;
  if (first < hi) {
    struct strikers strikers;
    find_strikers(&strikers, first, choose_limit(lo, hi));
    for (uint64_t left = (hi - first + 1) / 2; left > 0;) {
      uint64_t length = left < SEGMENT ? left : SEGMENT;
      strike(sweep, &strikers, length);
      settle_survivors(sweep, first, length, strikers.below * strikers.below);
      first += 2 * length;
      left -= length;
    }
    test_waiting(sweep);
  }
}

enum status primes_miller_rabin(uint64_t lo, uint64_t hi, uint64_t *count, uint128_t *sum,
                                struct fault *fault) {
  (void)fault;
  struct sweep sweep;
  sweep_range(&sweep, lo, hi, NULL);
  *count = sweep.count;
  if (sum != NULL) {
    *sum = sweep.sum;
  }
  return STATUS_OK;
}

enum status primes_miller_rabin_list(uint64_t lo, uint64_t hi, struct text *list,
                                     struct fault *fault) {
  struct sweep sweep;
  sweep_range(&sweep, lo, hi, list);
  return sweep.out_of_memory ? fault_set(fault, STATUS_FAILED, "out of memory for a list of primes")
                             : STATUS_OK;
}
