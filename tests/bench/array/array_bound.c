/* array_bound ROWS COLS ROUNDS, under mpirun: how near the probe `array` comes to what memory can
   do. Its own fill and verification alternate, in the same run and with the same ranks, with bare
   loops: non-temporal stores and memset over private memory of the same size, non-temporal stores
   and a plain sum over the shared array itself. Prints medians of GB/s and of the ratios, round by
   round. Run by tests/bench/array.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/clock.h"
#include "core/stats.h"
#include "kernels/isa.h"
#include "mpi/call.h"
#include "probes/array_memory.h"
#include "probes/array_steps.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { MOST_ROUNDS = 99 };

struct memory {
  struct array_memory array;
  struct array_steps steps;
  double *private; /* as much as the rank's rows */
  double *shared;  /* the rank's rows */
  size_t count;
  volatile uint64_t sink;
};

/* Compiled into each caller, for its instruction set. */
__attribute__((always_inline)) static inline uint64_t sum_of_bits(const double *from,
                                                                  size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, from + i, sizeof bits);
    sum += bits;
  }
  return sum;
}

/* The loop that everyone would write first; `to` on a page's start. */
#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void stream_v4(double *to, size_t count, double value) {
  __m512d values = _mm512_set1_pd(value);
  for (size_t i = 0; i + 8 <= count; i += 8) {
    _mm512_stream_pd(to + i, values);
  }
  _mm_sfence();
}

__attribute__((target("avx2"))) static void stream_v3(double *to, size_t count, double value) {
  __m256d values = _mm256_set1_pd(value);
  for (size_t i = 0; i + 4 <= count; i += 4) {
    _mm256_stream_pd(to + i, values);
  }
  _mm_sfence();
}

static void stream_baseline(double *to, size_t count, double value) {
  __m128d values = _mm_set1_pd(value);
  for (size_t i = 0; i + 2 <= count; i += 2) {
    _mm_stream_pd(to + i, values);
  }
  _mm_sfence();
}

__attribute__((target("avx512f,avx512dq"))) static uint64_t sum_v4(const double *from,
                                                                   size_t count) {
  return sum_of_bits(from, count);
}
#else
static void stream_baseline(double *to, size_t count, double value) {
  for (size_t i = 0; i < count; i++) {
    to[i] = value;
  }
}
#endif

static uint64_t sum_baseline(const double *from, size_t count) {
  return sum_of_bits(from, count);
}

static void bare_stream(double *to, size_t count) {
  while ((uintptr_t)to % 64 != 0 && count > 0) {
    *to++ = 1;
    count--;
  }
#if defined(__x86_64__)
  (isa_current() == ISA_V4   ? stream_v4
   : isa_current() == ISA_V3 ? stream_v3
                             : stream_baseline)(to, count, 1);
#else
  stream_baseline(to, count, 1);
#endif
}

static void stream_private(struct memory *memory) {
  bare_stream(memory->private, memory->count);
}

static void stream_shared(struct memory *memory) {
  bare_stream(memory->shared, memory->count);
}

static void set_private(struct memory *memory) {
  memset(memory->private, (int)memory->sink & 1, memory->count * sizeof(double));
}

static void sum_shared(struct memory *memory) {
  const double *from = memory->shared;
#if defined(__x86_64__)
  memory->sink += (isa_current() == ISA_V4 ? sum_v4 : sum_baseline)(from, memory->count);
#else
  memory->sink += sum_baseline(from, memory->count);
#endif
}

/* From the first rank's start to the last one's end, on rank 0. */
static double span(double start, double end) {
  double mine[2] = {-start, end};
  double most[2];
  MPI_CALL(MPI_Allreduce(mine, most, 2, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return most[1] + most[0];
}

static double time_bare(struct memory *memory, void (*act)(struct memory *memory)) {
  team_barrier(memory->array.team, memory->array.team->comm, WAIT_BRISK);
  double start = clock_seconds();
  act(memory);
  return span(start, clock_seconds());
}

static double span_of(const struct memory *memory, enum array_step step) {
  return span(memory->steps.findings.start[step], memory->steps.findings.end[step]);
}

enum { FILL, STREAM, STREAM_SHARED, MEMSET, VERIFY, SUM, KINDS };

static void take_round(struct memory *memory, double seconds[KINDS]) {
  seconds[STREAM] = time_bare(memory, stream_private);
  array_steps_write(&memory->steps);
  seconds[FILL] = span_of(memory, ARRAY_WRITE);
  seconds[SUM] = time_bare(memory, sum_shared);
  array_steps_verify(&memory->steps);
  seconds[VERIFY] = span_of(memory, ARRAY_VERIFY);
  seconds[STREAM_SHARED] = time_bare(memory, stream_shared);
  seconds[MEMSET] = time_bare(memory, set_private);
}

static void print_rates(double seconds[KINDS][MOST_ROUNDS], size_t rounds, double bytes,
                        int ranks) {
  static const char *const names[] = {"fill",   "bare stream", "bare stream, shared",
                                      "memset", "verify",      "plain sum"};
  printf("%d rank%s, %.0f MiB, %s: GB/s", ranks, ranks == 1 ? "" : "s", bytes / 0x1p20,
         isa_name(isa_current()));
  for (int kind = 0; kind < KINDS; kind++) {
    printf(";  %s %.1f", names[kind], bytes / 1e9 / stats_of(seconds[kind], rounds).median);
  }
  printf("\n");
}

/* How many times as fast the one is as the other. */
static void print_ratio(const char *name, const double *one, const double *other, size_t rounds) {
  double ratios[MOST_ROUNDS];
  for (size_t i = 0; i < rounds; i++) {
    ratios[i] = other[i] / one[i];
  }
  struct stats stats = stats_of(ratios, rounds);
  printf("  %-28s %.3f (%.3f to %.3f)\n", name, stats.median, stats.min, stats.max);
}

static void study(struct memory *memory, size_t rounds) {
  static double seconds[KINDS][MOST_ROUNDS];
  const struct array_memory *array = &memory->array;
  for (size_t round = 0; round <= rounds; round++) { /* the first one warms up */
    double taken[KINDS];
    take_round(memory, taken);
    for (int kind = 0; kind < KINDS && round > 0; kind++) {
      seconds[kind][round - 1] = taken[kind];
    }
  }
  if (array->team->rank == 0) {
    print_rates(seconds, rounds, (double)array_memory_size(array->rows, array->cols),
                array->team->size);
    print_ratio("fill / bare stream", seconds[FILL], seconds[STREAM], rounds);
    print_ratio("fill / bare stream, shared", seconds[FILL], seconds[STREAM_SHARED], rounds);
    print_ratio("fill / memset", seconds[FILL], seconds[MEMSET], rounds);
    print_ratio("verify / plain sum", seconds[VERIFY], seconds[SUM], rounds);
  }
}

static enum status open_memory(struct memory *memory, const struct team *team, char **arguments,
                               struct fault *fault) {
  uint64_t rows = strtoull(arguments[1], NULL, 10);
  uint64_t cols = strtoull(arguments[2], NULL, 10);
  if (array_memory_open(&memory->array, team, rows, cols, fault) != STATUS_OK ||
      array_steps_open(&memory->steps, &memory->array, ARRAY_FILL_RANK, 1, fault) != STATUS_OK) {
    return fault->status;
  }
  struct range own = array_memory_rows(&memory->array, team->node_rank);
  memory->shared = array_memory_row(&memory->array, own.lo);
  memory->count = range_length(own) * cols;
  memory->private = mmap(NULL, memory->count * sizeof(double) + 1, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | 0x20 /* anonymous */, -1, 0);
  if (memory->private == MAP_FAILED) {
    return fault_set(fault, STATUS_FAILED, "out of memory");
  }
  array_steps_touch(&memory->steps);
  array_steps_expect(&memory->steps);
  set_private(memory);
  return STATUS_OK;
}

int main(int argc, char **argv) {
  struct team team;
  struct fault fault;
  static struct memory memory;
  size_t rounds = argc == 4 ? (size_t)strtoul(argv[3], NULL, 10) : 0;
  if (rounds < 1 || rounds > MOST_ROUNDS || isa_choose(&fault) != STATUS_OK ||
      team_open(&team, &fault) != STATUS_OK) {
    fprintf(stderr, "usage: array_bound ROWS COLS ROUNDS (up to %d)\n", MOST_ROUNDS);
    return 2;
  }
  if (open_memory(&memory, &team, argv, &fault) != STATUS_OK) {
    fprintf(stderr, "array_bound: %s\n", fault.text);
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  study(&memory, rounds);
  array_steps_close(&memory.steps);
  array_memory_close(&memory.array);
  team_close(&team);
  return 0;
}
