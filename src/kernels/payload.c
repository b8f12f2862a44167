#include "kernels/payload.h"

#include <string.h>

enum { WORD = sizeof(uint64_t) };

uint64_t payload_scatter(uint64_t number) {
  number += UINT64_C(0x9e3779b97f4a7c15);
  number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
  return number ^ number >> 31;
}

void payload_fill(uint64_t seed, uint64_t number, void *bytes, size_t size) {
  unsigned char *to = bytes;
  uint64_t state = payload_scatter(seed) ^ payload_scatter(~number);
  size_t whole = size / WORD * WORD;
  for (size_t at = 0; at < whole; at += WORD) {
    memcpy(to + at, &state, WORD);
    state += UINT64_C(0x9e3779b97f4a7c15);
  }
  memcpy(to + whole, &state, size - whole);
}

uint64_t payload_checksum(uint64_t number, const void *bytes, size_t size) {
  const unsigned char *from = bytes;
  uint64_t sum = payload_scatter(number);
  uint64_t sums = size;
  size_t whole = size / WORD * WORD;
  for (size_t at = 0; at < whole; at += WORD) {
    uint64_t word;
    memcpy(&word, from + at, WORD);
    sum += word;
    sums += sum;
  }
  uint64_t last = 0;
  memcpy(&last, from + whole, size - whole);
  sum += last;
  return payload_scatter(sums + sum) ^ sum;
}
