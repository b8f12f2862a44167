#include "kernels/uniforms.h"

#include <string.h>

#include "kernels/doubles.h"
#include "kernels/philox.h"

/* Doubles made at a time: they stay in the first-level cache. */
enum { PIECE = 2048 };

double uniform_at(uint64_t seed, uint64_t i) {
  struct philox_block block = philox_block(seed, i / 2);
  const uint32_t *word = &block.word[2 * (i % 2)];
  uint64_t bits = (uint64_t)word[1] << 32 | word[0];
  return (double)(bits >> 11) * 0x1p-53;
}

/* Room for a piece that begins in the middle of a block. */
struct piece {
  double made[PIECE + 2 + UNIFORMS_SLACK] __attribute__((aligned(64)));
};

static const double *make(struct piece *piece, uint64_t seed, uint64_t first, uint64_t count) {
  PICK_CLONE(uniforms_blocks)(seed, first / 2, (first + count + 1) / 2, piece->made);
  return piece->made + first % 2;
}

static uint64_t piece_length(uint64_t left) {
  return left < PIECE ? left : PIECE;
}

void uniforms_fill(uint64_t seed, uint64_t first, uint64_t count, bool streaming, double *to) {
  struct piece piece;
  for (uint64_t done = 0; done < count; done += PIECE) {
    uint64_t length = piece_length(count - done);
    const double *made = make(&piece, seed, first + done, length);
    if (streaming) {
      PICK_CLONE(doubles_stream_copy)(to + done, made, length);
    } else {
      memcpy(to + done, made, length * sizeof *to);
    }
  }
  PICK_CLONE(doubles_stream_end)();
}

static uint64_t count_differences(const double *a, const double *b, uint64_t count) {
  uint64_t different = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t bits[2];
    memcpy(&bits[0], a + i, sizeof *a);
    memcpy(&bits[1], b + i, sizeof *b);
    different += bits[0] != bits[1];
  }
  return different;
}

uint64_t uniforms_compare(uint64_t seed, uint64_t first, uint64_t count, const double *from,
                          uint128_t *sum) {
  struct piece piece;
  uint64_t different = 0;
  uint128_t total = 0;
  for (uint64_t done = 0; done < count; done += PIECE) {
    uint64_t length = piece_length(count - done);
    const double *made = make(&piece, seed, first + done, length);
    total += PICK_CLONE(uniforms_piece_sum)(made, length);
    if (memcmp(made, from + done, length * sizeof *made) != 0) {
      different += count_differences(made, from + done, length);
    }
  }
  if (sum != NULL) {
    *sum = total;
  }
  return different;
}

uint128_t uniforms_sum(const double *from, uint64_t count) {
  const uint64_t most = UINT64_C(1) << 32;
  uint128_t sum = 0;
  for (uint64_t done = 0; done < count; done += most) {
    uint64_t length = count - done < most ? count - done : most;
    sum += PICK_CLONE(uniforms_piece_sum)(from + done, length);
  }
  return sum;
}
